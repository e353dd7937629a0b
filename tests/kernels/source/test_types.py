from tests.kernels.source.kernel import Kernel

TRAPS = """
import pandas as pd
called = []
class Meta(type):
    @property
    def __name__(cls): called.append("meta name")
    @property
    def __module__(cls): called.append("meta module")
    def __hash__(cls): called.append("meta hash"); return 1
    def __eq__(cls, other): called.append("meta eq"); return False
    def __instancecheck__(cls, value): called.append("meta instancecheck")
    def __subclasscheck__(cls, value): called.append("meta subclasscheck")
class Trap(metaclass=Meta):
    @property
    def __class__(self): called.append("class"); return dict
    def __len__(self): called.append("len"); return 1
    def __iter__(self): called.append("iter"); return iter(())
    def __getattr__(self, name): called.append("getattr " + name); return self
    def __bool__(self): called.append("bool"); return True
    def __eq__(self, other): called.append("eq"); return True
    def __hash__(self): called.append("hash"); return 1
    def __sizeof__(self): called.append("sizeof"); return 1
    def __str__(self): called.append("str"); return ""
    def __reduce__(self): called.append("reduce"); return (int, ())
    @property
    def shape(self): called.append("shape"); return (1,)
    @property
    def __dict__(self): called.append("dict"); return {}
class TrapList(list):
    def __len__(self): called.append("list len"); return 5
    def __iter__(self): called.append("list iter"); return iter(())
    def __getitem__(self, key): called.append("list getitem")
    def __sizeof__(self): called.append("list sizeof"); return 1
class TrapDict(dict):
    def __len__(self): called.append("dict len"); return 5
    def items(self): called.append("dict items"); return []
    def __iter__(self): called.append("dict iter"); return iter(())
class TrapFrame(pd.DataFrame):
    @property
    def shape(self): called.append("frame shape"); return (1, 1)
    @property
    def columns(self): called.append("frame columns"); return []
trap, items, mapping = Trap(), TrapList([Trap()]), TrapDict(a=Trap())
nested = [[Trap()], {"a": Trap()}, (Trap(),), {"k"}]
frame = pd.DataFrame({"o": pd.Series([Trap(), 1, None], dtype=object), "n": [1, 2, 3]})
labelled = pd.DataFrame([[1, 2]], columns=pd.Index([Trap(), "b"], dtype=object))
indexed = pd.Series([1, 2], index=pd.Index([Trap(), 1], dtype=object))
array = frame["o"].to_numpy()
strange = TrapFrame({"a": [1]})
called.clear()
"""


def test_nothing_that_a_user_wrote_runs(kernel: Kernel) -> None:
    """Looking at objects full of traps, alone or inside lists, dicts, columns, labels and arrays, springs none."""
    kernel.run(TRAPS + "del strange  # its text, made under a limit, asks it")
    for level in ("schema", "aggregates", "rows"):
        told = kernel.ask("inspect_variables", level=level)
        assert {v["name"]: v["type"] for v in told["variables"]}["trap"] == "Trap"
        assert kernel.value("called") == [], level
    kernel.ask("snapshot")
    assert kernel.value("called") == []


def test_what_is_made_from_a_list_is_measured_as_a_list(kernel: Kernel) -> None:
    """The length of a user's kind of list is the list's own."""
    kernel.run(TRAPS)
    told = {v["name"]: v for v in kernel.ask("inspect_variables", level="rows")["variables"]}
    assert (told["items"]["type"], told["items"]["length"]) == ("TrapList", 1)
    assert told["items"]["value"] == {"items": [{"type": "Trap"}], "length": 1}
    assert told["frame"]["rows"][0] == [{"type": "Trap"}, 1]


def test_a_users_kind_of_dataframe_is_told_by_its_type(kernel: Kernel) -> None:
    """A class made from DataFrame may do anything, so that only its type is told."""
    kernel.run(TRAPS)
    told = kernel.ask("inspect_variables", names=["strange"])["variables"][0]
    assert told == {"name": "strange", "type": "TrapFrame", "module": "__main__", "kind": "object"}
