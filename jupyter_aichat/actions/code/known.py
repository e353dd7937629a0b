"""What is known to be harmless, by name. Whatever stands in no table here counts as "can't tell".

A table holds words in one string, so that a reader can scan it. A function is written with its module, as it would be
found after `import`; a method stands without its class, because the class of a kernel's object is not known here.
"""

from __future__ import annotations

import builtins
import re

__all__ = [
    "ACCESSORS",
    "BUILTINS",
    "CALLS_BACK",
    "CONSTANTS",
    "CONTEXTS",
    "CONVENTIONS",
    "DECORATORS",
    "DRAWING",
    "HARMLESS_IMPORTS",
    "INPLACE",
    "KNOWN_MODULES",
    "MUTATING_FUNCTIONS",
    "MUTATING_METHODS",
    "NEW_METHODS",
    "PLOTS",
    "PURE",
    "SCALAR_METHODS",
    "VIEWS",
    "VIEW_METHODS",
    "harmless",
]


def _of(module: str, names: str) -> set[str]:
    return {f"{module}.{name}" for name in names.split()}


BUILTINS = frozenset(dir(builtins)) | {"get_ipython", "display"}
"""Names that mean the same in every kernel, unless the code gives them another meaning."""

CONVENTIONS = {
    "alt": "altair",
    "Counter": "collections.Counter",
    "date": "datetime.date",
    "Decimal": "decimal.Decimal",
    "defaultdict": "collections.defaultdict",
    "display": "IPython.display.display",
    "go": "plotly.graph_objects",
    "mpl": "matplotlib",
    "np": "numpy",
    "Path": "pathlib.Path",
    "pd": "pandas",
    "pl": "polars",
    "plt": "matplotlib.pyplot",
    "px": "plotly.express",
    "sns": "seaborn",
    "timedelta": "datetime.timedelta",
}
"""What a name is taken for that the code does not bind itself, when nobody says what the kernel holds."""

HARMLESS_IMPORTS = frozenset(
    """__future__ IPython.display abc altair array base64 bisect calendar cmath collections colorsys contextlib copy csv
    dataclasses datetime decimal difflib enum fractions functools glob gzip hashlib heapq html io itertools json locale
    math matplotlib numbers numpy operator os pandas pathlib plotly polars pprint pyarrow random re scipy seaborn secrets
    shutil sklearn statistics statsmodels string struct sys tabulate textwrap time tqdm typing unicodedata uuid warnings
    zoneinfo""".split()
)
"""Modules whose import alone does nothing. What is called in them is looked at call by call."""

KNOWN_MODULES = HARMLESS_IMPORTS | frozenset(
    """IPython aiohttp asyncio boto3 builtins bz2 codecs ctypes fileinput fsspec ftplib gc http httpx imaplib importlib
    inspect joblib linecache logging lzma mmap multiprocessing openpyxl paramiko pickle pip pkgutil platform pty requests
    runpy shelve signal site smtplib socket sqlite3 subprocess sysconfig tarfile telnetlib tempfile threading torch types
    urllib urllib3 weakref webbrowser websocket websockets xml yaml zipfile""".split()
)
"""Names that are taken for the module of that name where the code does not bind them."""

_UFUNC1 = """abs absolute arccos arcsin arctan cbrt ceil cos cosh deg2rad degrees exp exp2 expm1 fabs floor invert isfinite
isinf isnan log log10 log1p log2 logical_not negative positive rad2deg radians reciprocal rint sign sin sinh sqrt square
tan tanh trunc"""
_UFUNC2 = """add arctan2 bitwise_and bitwise_or bitwise_xor divide equal floor_divide fmax fmin fmod greater greater_equal
hypot less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod multiply not_equal power remainder
subtract true_divide"""

INPLACE = (
    dict.fromkeys(_of("numpy", _UFUNC1), 1)
    | dict.fromkeys(_of("numpy", _UFUNC2), 2)
    | dict.fromkeys(_of("numpy", "clip cumsum cumprod sum mean prod std var min max amin amax all any"), 3)
    | dict.fromkeys(_of("numpy", "dot matmul outer kron round around concatenate take compress choose"), 2)
    | dict.fromkeys(_of("numpy", "median percentile quantile nanmedian nansum nanmean stack"), 2)
    | dict.fromkeys(
        """clip drop drop_duplicates dropna fillna interpolate mask rename rename_axis replace reset_index set_axis
        set_index sort_index sort_values where""".split(),
        2,
    )
    | dict.fromkeys("eval query ffill bfill pad sum mean std var min max".split(), 1)
)
"""How many arguments by position are certainly no `inplace` and no `out`."""

_MATH = """acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist erf erfc exp exp2 expm1
fabs factorial floor fmod frexp fsum gamma gcd hypot isclose isfinite isinf isnan isqrt lcm ldexp lgamma log log10 log1p
log2 modf nextafter perm pow prod radians remainder sin sinh sqrt tan tanh trunc ulp"""
_DATES = """date datetime time timedelta timezone tzinfo datetime.now datetime.today datetime.utcnow datetime.strptime
datetime.fromisoformat datetime.fromtimestamp datetime.combine date.today date.fromisoformat date.fromisocalendar
date.fromtimestamp now today strptime fromisoformat combine fromtimestamp"""

PURE = frozenset(
    _of(
        "builtins",
        """abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter float format
        frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max min next object oct ord
        pow print range repr reversed round set slice sorted str sum super tuple type zip property staticmethod
        classmethod ArithmeticError AssertionError AttributeError BaseException Exception ImportError IndexError
        KeyError LookupError NameError NotImplementedError OSError OverflowError RuntimeError StopIteration TypeError
        UnicodeError UserWarning ValueError Warning ZeroDivisionError""",
    )
    | _of("math", _MATH)
    | _of("cmath", "exp log log10 phase polar rect sqrt isclose isfinite isinf isnan")
    | _of(
        "statistics",
        """NormalDist correlation covariance fmean geometric_mean harmonic_mean linear_regression mean median
        median_grouped median_high median_low mode multimode pstdev pvariance quantiles stdev variance""",
    )
    | _of("datetime", _DATES)
    | _of("calendar", "monthrange isleap monthcalendar weekday month_name")
    | _of("collections", "ChainMap Counter OrderedDict defaultdict deque namedtuple")
    | _of(
        "itertools",
        """accumulate batched chain chain.from_iterable combinations combinations_with_replacement compress count cycle
        dropwhile filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest""",
    )
    | _of("functools", "reduce partial lru_cache cache wraps cmp_to_key total_ordering")
    | _of(
        "operator",
        """add and_ contains countOf eq floordiv ge getitem gt itemgetter le lt mod mul ne neg not_ or_ pow sub
        truediv""",
    )
    | _of("copy", "copy deepcopy")
    | _of("re", "compile escape findall finditer fullmatch match search split sub subn")
    | _of("json", "dumps loads load dump")
    | _of("csv", "reader writer DictReader DictWriter")
    | _of("string", "Template capwords")
    | _of("textwrap", "dedent fill indent shorten wrap")
    | _of("unicodedata", "category name normalize east_asian_width")
    | _of("hashlib", "md5 sha1 sha256 sha512 blake2b")
    | _of("base64", "b64encode b64decode")
    | _of("uuid", "UUID uuid4 uuid5")
    | _of("random", "choice choices gauss normalvariate randint random randrange sample uniform Random seed")
    | _of("secrets", "token_hex randbelow choice")
    | _of("time", "time perf_counter monotonic strftime strptime localtime gmtime sleep process_time")
    | _of("pprint", "pprint pformat")
    | _of("decimal", "Decimal")
    | _of("fractions", "Fraction")
    | _of("zoneinfo", "ZoneInfo")
    | _of("enum", "Enum IntEnum StrEnum Flag auto")
    | _of("dataclasses", "dataclass field asdict astuple fields replace")
    | _of(
        "typing",
        "Any Callable Iterable Literal NamedTuple Optional Protocol TypedDict Union cast TypeVar Generic",
    )
    | _of("abc", "ABC abstractmethod")
    | _of("html", "escape unescape")
    | _of("io", "StringIO BytesIO")
    | _of("bisect", "bisect bisect_left bisect_right")
    | _of("heapq", "nlargest nsmallest merge")
    | _of("difflib", "get_close_matches SequenceMatcher ndiff unified_diff")
    | _of("sys", "getsizeof")
    | _of("os", "getcwd fspath cpu_count")
    | _of(
        "os.path", "basename commonpath dirname isabs join normpath split splitext relpath abspath expanduser"
    )
    | _of("contextlib", "suppress nullcontext")
    | _of("warnings", "catch_warnings warn")
    | _of("tqdm", "tqdm")
    | _of("IPython.display", "display Markdown Latex JSON clear_output")
    | _of("numpy", _UFUNC1 + " " + _UFUNC2)
    | _of(
        "numpy",
        """all allclose amax amin any append apply_along_axis arange argmax argmin argsort argwhere around array
        array_equal array_split asarray atleast_1d atleast_2d average bincount bool_ broadcast_to clip column_stack
        concatenate convolve corrcoef count_nonzero cov cross cumprod cumsum datetime64 delete diag diff digitize dot
        dtype einsum empty empty_like errstate expand_dims eye fft.fft fft.fftfreq flip float32 float64 full full_like
        gradient histogram histogram2d hstack identity in1d inner insert int32 int64 interp intersect1d isclose isin
        isreal kron linalg.det linalg.eig linalg.eigh linalg.inv linalg.lstsq linalg.norm linalg.solve linalg.svd
        linspace logspace matmul max mean median meshgrid min moveaxis nan_to_num nanargmax nanargmin nanmax nanmean
        nanmedian nanmin nanpercentile nanquantile nanstd nansum nanvar nonzero ones ones_like outer pad percentile
        polyfit polyval prod ptp quantile random.choice random.default_rng random.normal random.permutation
        random.rand random.randint random.randn random.random random.seed random.uniform ravel repeat reshape roll
        rot90 round searchsorted select setdiff1d shape size sort split squeeze stack std str_ sum swapaxes take
        timedelta64 tile trace transpose trapezoid trapz tri tril triu union1d unique unravel_index var vectorize
        vstack where zeros zeros_like""",
    )
    | _of(
        "pandas",
        """Categorical CategoricalDtype CategoricalIndex DataFrame DatetimeIndex Grouper Index Interval MultiIndex
        MultiIndex.from_arrays MultiIndex.from_product MultiIndex.from_tuples NamedAgg Period PeriodIndex RangeIndex
        Series Timedelta Timestamp Timestamp.now Timestamp.today DateOffset array bdate_range concat crosstab cut
        date_range factorize get_dummies infer_freq isna isnull json_normalize melt merge merge_asof merge_ordered
        notna notnull offsets.BDay offsets.MonthBegin offsets.MonthEnd offsets.QuarterEnd offsets.YearEnd
        period_range pivot pivot_table qcut timedelta_range to_datetime to_numeric to_timedelta unique value_counts
        wide_to_long option_context DataFrame.from_dict DataFrame.from_records""",
    )
    | _of(
        "polars",
        """DataFrame Date Datetime Duration LazyFrame Series all all_horizontal any_horizontal arange arg_sort_by
        coalesce col collect_all concat concat_list concat_str corr count cov cum_sum date date_range datetime
        datetime_range duration element exclude first format from_arrow from_dict from_dicts from_numpy from_pandas
        from_records int_range last len lit max max_horizontal mean mean_horizontal median min min_horizontal n_unique
        nth quantile selectors.numeric selectors.string std struct sum sum_horizontal var when zeros ones repeat
        select""",
    )
    | _of(
        "scipy.stats",
        """chi2_contingency f_oneway iqr kendalltau kruskal ks_2samp kurtosis linregress mannwhitneyu pearsonr
        percentileofscore shapiro skew spearmanr ttest_1samp ttest_ind ttest_rel wilcoxon zscore norm.cdf norm.pdf
        norm.ppf t.cdf t.ppf""",
    )
)
"""Functions and classes that change nothing but what they make."""

PLOTS = frozenset(
    _of(
        "matplotlib.pyplot",
        """annotate axhline axis axvline axvspan bar bar_label barh boxplot colorbar contour contourf cla clf close
        errorbar figtext figure fill_between gca gcf get_cmap grid hist hist2d hlines imshow legend loglog margins
        matshow pie plot scatter semilogx semilogy show stackplot stem step style.context rc_context subplot subplots
        subplots_adjust suptitle table text tick_params ticklabel_format tight_layout title twinx violinplot vlines
        xlabel xlim xscale xticks ylabel ylim yscale yticks""",
    )
    | _of(
        "matplotlib.ticker", "FuncFormatter PercentFormatter StrMethodFormatter MaxNLocator MultipleLocator"
    )
    | _of("matplotlib.dates", "DateFormatter MonthLocator YearLocator DayLocator AutoDateLocator")
    | _of("matplotlib.patches", "Patch Rectangle Circle")
    | _of(
        "seaborn",
        """barplot boxplot catplot clustermap color_palette countplot despine displot ecdfplot heatmap histplot
        jointplot kdeplot lineplot lmplot pairplot pointplot regplot relplot residplot scatterplot stripplot swarmplot
        violinplot""",
    )
    | _of(
        "plotly.express",
        """area bar box density_heatmap ecdf funnel histogram imshow line pie scatter scatter_matrix strip sunburst
        treemap violin""",
    )
    | _of(
        "plotly.graph_objects", "Bar Box Figure Heatmap Histogram Indicator Pie Scatter Violin Table Layout"
    )
    | _of("altair", "Chart X Y Color Tooltip Scale Axis Legend value condition layer hconcat vconcat")
)
"""Functions that draw. They touch the current figure and nothing else."""

CONSTANTS = frozenset(
    _of("numpy", "pi e inf nan newaxis integer floating number ndarray generic object_ c_ r_ s_")
    | _of("math", "pi e inf nan tau")
    | _of("pandas", "NA NaT")
    | _of(
        "polars",
        """Boolean Categorical Date Datetime Duration Enum Expr Float32 Float64 Int8 Int16 Int32 Int64 List Null Object
        String Struct Time UInt8 UInt16 UInt32 UInt64 Utf8""",
    )
    | _of("string", "ascii_letters ascii_lowercase ascii_uppercase digits punctuation whitespace")
    | _of("re", "IGNORECASE I MULTILINE M DOTALL S VERBOSE X UNICODE Match Pattern")
    | _of("datetime", "UTC timezone.utc date.min date.max datetime.min datetime.max utc min max")
    | _of("decimal", "ROUND_HALF_UP ROUND_HALF_EVEN ROUND_DOWN")
    | _of("sys", "version version_info platform maxsize byteorder")
    | _of("os", "sep linesep name")
    | _of("collections.abc", "Callable Iterable Iterator Mapping Sequence Collection Hashable")
    | _of("builtins", "Ellipsis NotImplemented")
    | _of("calendar", "month_name month_abbr day_name day_abbr")
    | {"pandas.__version__", "numpy.__version__", "polars.__version__", "matplotlib.__version__"}
)
"""Plain values and types in modules."""

VIEWS = frozenset(
    _of("builtins", "max min next iter reversed getattr super")
    | _of(
        "numpy",
        "asarray atleast_1d atleast_2d broadcast_to expand_dims flip moveaxis ravel reshape rot90 split",
    )
    | _of("numpy", "squeeze swapaxes transpose array_split diag array meshgrid nan_to_num")
    | _of("pandas", "DataFrame Series Index array concat")
    | _of("polars", "DataFrame LazyFrame Series from_pandas from_numpy from_arrow select concat")
    | _of("functools", "partial reduce")
    | _of("operator", "getitem")
    | _of("typing", "cast")
)
"""Functions of `PURE` whose result may be, or share memory with, what they were given."""

MUTATING_FUNCTIONS = frozenset(
    _of("numpy", "copyto fill_diagonal place put putmask random.shuffle")
    | _of("random", "shuffle")
    | _of("heapq", "heapify heappop heappush heappushpop heapreplace")
    | _of("bisect", "insort insort_left insort_right")
    | _of("operator", "delitem iadd iand iconcat imul ior isub setitem")
    | {"builtins.next"}
)
"""Functions that change their first argument, and nothing else."""

CALLS_BACK = frozenset(
    _of("builtins", "filter map sorted min max")
    | _of("functools", "reduce partial cmp_to_key")
    | _of("itertools", "accumulate dropwhile filterfalse groupby starmap takewhile")
    | _of("numpy", "apply_along_axis vectorize")
) | frozenset(
    """agg aggregate apply applymap map map_elements map_batches map_rows map_groups pipe transform filter
    fold reduce rolling_map""".split()
)
"""Functions and methods that call a function that they are given, or a method by its name."""

CONTEXTS = frozenset(
    _of("pandas", "option_context")
    | _of("numpy", "errstate")
    | _of("warnings", "catch_warnings")
    | _of("contextlib", "suppress nullcontext")
    | _of("matplotlib.pyplot", "style.context rc_context")
    | _of("io", "StringIO BytesIO")
)
"""What a `with` may enter."""

DECORATORS = frozenset(
    _of("builtins", "property staticmethod classmethod")
    | _of("functools", "lru_cache cache wraps total_ordering")
    | _of("dataclasses", "dataclass")
    | _of("abc", "abstractmethod")
)
"""Decorators that leave what they decorate as it reads."""

SCALAR_METHODS = frozenset(
    """capitalize casefold center corr count decode encode endswith expandtabs find format hexdigest index isalnum isalpha
    isdecimal isdigit isidentifier islower isnumeric isoformat isoweekday isspace istitle isupper item join ljust lower
    lstrip match nunique partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split
    splitlines startswith strftime strip swapcase timestamp title toordinal total_seconds translate upper weekday zfill
    is_integer bit_length as_integer_ratio group groups groupdict fullmatch search findall finditer sub
    is_unique idxmax idxmin n_unique estimated_size is_empty null_count skew kurt kurtosis autocorr median""".split()
)
"""Methods whose result is a new plain value."""

NEW_METHODS = frozenset(
    """abs add_prefix add_suffix agg aggregate alias all any apply applymap arg_max arg_min argmax argmin argsort
    asfreq assign assign_coords astype at_time between bfill cast clip collect combine_first copy corrwith cov
    crosstab cummax cummin cumprod cumsum cum_sum cum_max cum_min cum_count cut date_range describe diff difference div
    divide dot drop drop_duplicates drop_nulls drop_nans dropna droplevel duplicated eq equals eval ewm expanding explode
    factorize ffill fill_nan fill_null fillna filter first floordiv from_dict ge get_dummies glimpse groupby group_by
    group_by_dynamic gt head hist imag interpolate intersection is_between is_duplicated is_in is_nan
    is_not_null is_null isdisjoint isin isna isnull issubset issuperset join_asof keys kde last le limit lt
    map map_elements max mean mean_horizontal melt memory_usage merge min mod mode most_common mul multiply ne
    nlargest normalize not_ notna notnull nsmallest otherwise over partition_by pct_change pivot pivot_table pow prod
    product qcut quantile query rank real reindex rename rename_axis repeat resample reset_index rolling rolling_mean
    rolling_sum round sample searchsorted sem select select_dtypes set_axis set_index shift sign slice
    sort_index sort_values sqrt std sub subtract sum symmetric_difference tail tolist to_dict to_dicts
    to_datetime to_frame to_list to_numeric to_numpy to_pandas to_period to_series to_timestamp to_period
    tolist top_k bottom_k transform truediv truncate tz_convert tz_localize union unique unnest unpivot unstack stack
    upsample value_counts var vstack with_columns with_columns_seq with_row_index with_row_count when then where mask xs
    year month day hour minute second quarter week ordinal_day contains extract extract_all extractall
    starts_with ends_with to_lowercase to_uppercase strip_chars zfill lpad cat wrap
    day_name month_name isocalendar ceil floor total_days total_seconds replace_strict lazy subtract
    integers normal uniform choice permutation random standard_normal poisson binomial exponential
    nonzero trace info len schema collect_schema cross_join mark_bar mark_line mark_point encode
    strptime isocalendar
    ngroups size cumcount ngroup nth pipe as_unordered as_ordered set_categories reorder_levels swaplevel combine
    compare n_chunks""".split()
)
"""Methods that make a new object; they take `inplace`, which is looked at, and change nothing otherwise."""

VIEW_METHODS = frozenset(
    """diagonal flatten get get_group get_column get_columns items iter_rows iterrows itertuples iteritems rows row
    get_title get_xlabel get_ylabel get_text
    ravel reshape squeeze swapaxes transpose values view xs head tail first last rename set_axis set_index infer_objects
    pipe get_children get_lines get_xticklabels get_yticklabels get_legend
    get_legend_handles_labels get_xlim get_ylim get_xticks get_yticks __len__ _asdict _replace astype lazy
    add_prefix add_suffix droplevel tz_localize tz_convert select slice reorder_levels swaplevel stack unstack
    groupby group_by rolling resample expanding ewm filter eval query asfreq to_numpy to_pandas to_series to_frame
    getvalue most_common""".split()
)
"""Methods whose result may share memory with the object, or holds it."""

MUTATING_METHODS = frozenset(
    """append appendleft clear discard extend extendleft fill flush insert insert_at_idx insert_column
    intersection_update itemset move_to_end pop popitem popleft put difference_update remove replace_column reset
    resize reverse rotate setdefault set_at_idx setfield setflags sort symmetric_difference_update update add
    add_axes add_subplot add_artist add_patch add_trace annotate autofmt_xdate axhline axhspan axvline axvspan bar bar_label
    barh cla clf colorbar contour contourf errorbar fill_between fill_betweenx fit fit_transform grid hlines imshow
    invert_xaxis invert_yaxis legend margins matshow pcolormesh pie scatter set set_axis_off set_title set_xlabel set_ylabel
    set_xlim set_ylim set_xticks set_yticks set_xticklabels set_yticklabels set_xscale set_yscale set_major_formatter
    set_minor_formatter set_major_locator set_minor_locator set_visible set_facecolor set_color set_rotation set_aspect
    set_position set_linewidth set_ha set_size_inches set_label set_zorder set_alpha set_names
    stackplot stem step subplots_adjust suptitle supxlabel supylabel table text tick_params ticklabel_format tight_layout
    twinx twiny update_layout update_traces update_xaxes update_yaxes violinplot vlines add_hline add_vline
    seek writerow writerows writeheader seed shuffle send throw close
    subplots""".split()
)
"""Methods that change the object they are called on."""

DRAWING = frozenset(
    """plot hist boxplot bar barh line area pie scatter box hexbin kde density show step stackplot errorbar
    twinx twiny subplots add_subplot""".split()
)
"""Methods whose result is something drawn."""

ACCESSORS = frozenset(
    "loc iloc at iat T values flat real imag str dt cat axes index columns data mask".split()
)
"""Attributes that are another face of the same object: to change one is to change the other."""

_TYPE_METHOD = re.compile(
    r"builtins\.(?:str\.(?:capitalize|casefold|endswith|isalpha|isdigit|isnumeric|join|lower|lstrip|replace|rstrip|split|"
    r"startswith|strip|title|upper|zfill)|dict\.(?:fromkeys|get|items|keys|values)|(?:list|str)\.(?:count|index)|"
    r"int\.from_bytes|bytes\.fromhex|float\.is_integer|set\.(?:union|intersection|difference))$"
)


def harmless(path: str) -> bool:
    """Whether a dotted name may go anywhere."""
    return path in PURE or path in PLOTS or path in CONSTANTS or bool(_TYPE_METHOD.match(path))
