"""A desk for the offline agents: two made-up tables, their tools without a server, and a conversation without a graph.

Not realistic: the tools answer at once and in one process. The texts that they give are those of the product.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from jupyter_aichat.agents.offline.plan import plan
from jupyter_aichat.errors import ToolError
from jupyter_aichat.tables import Request, analyse, read_table, tool_text

TOOLS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "supervisor": {"ask_analyst": frozenset({"task", "reason"}), "ask_writer": frozenset({"task", "reason"})},
    "analyst": {
        "list_files": frozenset({"path", "depth"}),
        "read_file": frozenset({"path", "first_line", "last_line"}),
        "profile_table": frozenset({"path", "sheet", "language"}),
        "analyse_table": frozenset(
            {
                "path",
                "operation",
                "columns",
                "value",
                "by",
                "aggregate",
                "n",
                "period",
                "where",
                "where_not",
                "where_range",
                "sheet",
                "language",
            }
        ),
    },
}


def _orders() -> list[tuple[date, str, str, str, int, int, str]]:
    rng = random.Random(11)
    rows = []
    for _ in range(240):
        day = date(2025, 1, 1) + timedelta(days=rng.randrange(638))
        region, product = (
            rng.choice(["Seoul", "Busan", "Jeju"]),
            rng.choice(["Lamp", "Chair", "Desk", "Mouse"]),
        )
        price = {"Lamp": 59000, "Chair": 319000, "Desk": 449000, "Mouse": 39000}[product]
        rating = rng.choice(["1", "3", "4", "5", ""])
        rows.append((day, region, product, rng.choice(["Online", "Store"]), rng.randint(1, 5), price, rating))
    return sorted(rows)


ORDERS = _orders()
_KOREAN = {"Seoul": "서울", "Busan": "부산", "Jeju": "제주", "Lamp": "스탠드", "Chair": "의자", "Desk": "책상",
           "Mouse": "마우스", "Online": "온라인", "Store": "매장"}  # fmt: skip

SALES = "order_id,date,region,product,channel,quantity,unit_price,revenue,customer_rating\n" + "".join(
    f"A{1000 + i},{day},{region},{product},{channel},{quantity},{price},{quantity * price},{rating}\n"
    for i, (day, region, product, channel, quantity, price, rating) in enumerate(ORDERS)
)
"""English names, UTF-8."""

MAECHUL = "주문번호,날짜,지역,제품,채널,수량,단가,매출액,만족도\n" + "".join(
    f"K{1000 + i},{day.year}년 {day.month}월 {day.day}일,{_KOREAN[region]},{_KOREAN[product]},{_KOREAN[channel]},"
    f'{quantity},"￦{price:,}","{quantity * price:,}",{rating}\n'
    for i, (day, region, product, channel, quantity, price, rating) in enumerate(ORDERS)
)
"""The same orders with Korean names and ways of writing, for CP949."""

EN = {"data/sales.csv": SALES.encode()}
KO = {"data/매출_2026.csv": MAECHUL.encode("cp949")}


@dataclass(slots=True)
class Exchange:
    """What came of one message: the answer, what was said and called on the way, and what the tools gave."""

    answer: str = ""
    said: list[tuple[str, str]] = field(default_factory=list)
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)

    @property
    def analyses(self) -> list[dict[str, Any]]:
        """The arguments of each `analyse_table`, without file and language."""
        return [
            {key: value for key, value in args.items() if key not in {"path", "language"}}
            for _, name, args in self.calls
            if name == "analyse_table"
        ]

    def args(self, name: str) -> dict[str, Any]:
        """The arguments of the last use of a tool."""
        return [args for _, tool, args in self.calls if tool == name][-1]


class Desk:
    """Files, and what the tools say of them."""

    tools: Mapping[str, Mapping[str, frozenset[str]]] = TOOLS

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)

    def use(self, name: str, args: Mapping[str, Any]) -> str:
        """What a tool gives. Raises `ToolError`."""
        if name == "list_files":
            lines = [
                f"- {path} ({len(data) / 1e3:.1f} kB, 2026-10-01 09:00)" for path, data in self.files.items()
            ]
            return "\n".join(["In the root folder:", "- data/", *lines])
        rest = {key: value for key, value in args.items() if value is not None}
        path = self._path(rest.pop("path"))
        if name == "read_file":
            return self.files[path].decode()
        language, sheet = rest.pop("language", "en"), rest.pop("sheet", None)
        request = Request(rest.pop("operation", "profile"), **rest)
        return tool_text(analyse(read_table(self.files[path], path, sheet=sheet), request), language)

    def _path(self, wanted: str) -> str:
        found = [path for path in self.files if path == wanted or path.endswith(f"/{wanted}")]
        if len(found) != 1:
            raise ToolError(f"There is no {wanted!r} here.")
        return found[0]

    def talk(self, *texts: str, role: str = "supervisor") -> list[Exchange]:
        """A conversation, step by step as the plans say."""
        messages: list[AnyMessage] = []
        exchanges: list[Exchange] = []
        for text in texts:
            messages.append(HumanMessage(text))
            exchanges.append(Exchange())
            exchanges[-1].answer = self._run(role, messages, exchanges[-1])
        return exchanges

    def ask(self, text: str) -> Exchange:
        """The first message of a conversation."""
        return self.talk(text)[0]

    def _run(self, role: str, messages: list[AnyMessage], exchange: Exchange) -> str:
        for _ in range(10):
            step = plan(role, messages, self.tools.get(role, {}))
            exchange.said.append((role, step.text))
            calls = [
                {
                    "name": call.name,
                    "args": dict(call.args),
                    "id": f"c{len(messages)}-{i}",
                    "type": "tool_call",
                }
                for i, call in enumerate(step.calls)
            ]
            messages.append(AIMessage(step.text, tool_calls=calls))
            if not calls:
                return step.text
            messages += [self._answer(role, call, exchange) for call in calls]
        raise AssertionError(f"The {role} does not come to an end.")

    def _answer(self, role: str, call: dict[str, Any], exchange: Exchange) -> ToolMessage:
        name, args = call["name"], call["args"]
        exchange.calls.append((role, name, args))
        try:
            if name.startswith("ask_"):
                text = self._run(name.removeprefix("ask_"), [HumanMessage(args["task"])], exchange)
            else:
                text = self.use(name, args)
                exchange.outputs.append(text)
        except ToolError as error:
            exchange.outputs.append(str(error))
            return ToolMessage(str(error), tool_call_id=call["id"], status="error")
        return ToolMessage(text, tool_call_id=call["id"])
