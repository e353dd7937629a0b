"""Doubt: a reason why it can't be told what code or SQL does, as a sentence in English that can be said in Korean too.

Agents, policy and logs read the English; the person reads their own language (`said`). Every form of a sentence stands in
the table here, by its English words; a test keeps it complete.
"""

from __future__ import annotations

from typing import Any, Final, Literal, Self

__all__ = ["Doubt", "said"]


class Doubt(str):  # noqa: SLOT000  `str` takes no slots but empty ones
    """The English sentence. `form` is it with `{names}` in place of what changes, `values` says what they are here."""

    form: str
    values: dict[str, str]

    def __new__(cls, form: str, **values: object) -> Self:
        """Fill the form in."""
        plain = {name: str(value) for name, value in values.items()}
        made = super().__new__(cls, _filled(form, plain))
        made.form, made.values = form, plain
        return made


def said(words: str, language: Literal["en", "ko"]) -> str:
    """The sentence in a language; what has no Korean stays English."""
    if language == "en":
        return str(words)
    form, values = (words.form, words.values) if isinstance(words, Doubt) else (words, dict[str, str]())
    return _filled(_KOREAN.get(form, form), {name: _KOREAN.get(v, v) for name, v in values.items()})


def _filled(form: str, values: dict[str, Any]) -> str:
    """Like `format`, but all at once and of plain names only: a value may have braces of its own."""
    if not values:
        return form
    parts = form.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        filled += [values[name], rest] if closed and name in values else ["{", part]
    return "".join(filled)


_KOREAN: Final = {
    # -- code
    "calls .{attr}() of a path, which is not known to be harmless": "경로의 .{attr}()을(를) 호출합니다. 안전한지 알 수 없습니다",
    "calls .{attr}() of one of several things": "여러 대상 가운데 하나의 .{attr}()을(를) 호출합니다",
    "calls .{attr}() of what may be {words}": "{words}일 수 있는 것의 .{attr}()을(를) 호출합니다",
    "calls a function by IPython's automatic brackets": "IPython의 자동 괄호로 함수를 호출합니다",
    "calls {path}, which is a module": "모듈인 {path}을(를) 호출합니다",
    "calls {words} of a file, which is not known to be harmless": "파일의 {words}을(를) 호출합니다. 안전한지 알 수 없습니다",
    "calls {words} of an object that is not known here": "알 수 없는 객체의 {words}을(를) 호출합니다",
    "calls {words} with arguments that can't be told (*)": "알 수 없는 인자(*)로 {words}을(를) 호출합니다",
    "calls {words} with arguments that can't be told (**)": "알 수 없는 인자(**)로 {words}을(를) 호출합니다",
    "calls {words} with arguments that can't be told apart": "구별할 수 없는 인자로 {words}을(를) 호출합니다",
    "calls {words}, which is Python's or a library's own": "Python이나 라이브러리 내부의 {words}을(를) 호출합니다",
    "calls {words}, which is not known to be harmless": "{words}을(를) 호출합니다. 안전한지 알 수 없습니다",
    "calls {words}, whose code is not here": "{words}을(를) 호출합니다. 그 코드는 여기서 볼 수 없습니다",
    "can't be read: it is nested too deeply, or has characters that are no text": (
        "읽을 수 없습니다. 너무 깊이 중첩되었거나 글자가 아닌 문자가 있습니다"
    ),
    "changes an object and it can't be told whose it is ({how})": "누구의 것인지 알 수 없는 객체를 바꿉니다 ({how})",
    "changes {things} itself ({how})": "{things} 자체를 바꿉니다 ({how})",
    "decorates with {what}, which can put anything in its place": (
        "무엇으로든 바꿔 놓을 수 있는 데코레이터 {what}을(를) 씁니다"
    ),
    "enters {what}, which is not known here": "알 수 없는 {what}에 들어갑니다(with)",
    "fills in a text that can't be told, or that reaches for Python's own names (format)": (
        "알 수 없거나 Python 내부 이름에 닿는 텍스트를 채웁니다 (format)"
    ),
    "gives a new meaning to {name}": "{name}에 다른 뜻을 줍니다",
    "hands on a method that changes something or writes a file, without calling it": (
        "무언가를 바꾸거나 파일을 쓰는 메서드를 호출하지 않고 넘깁니다"
    ),
    "hands {names} to {words}, which may change it": "{names}을(를) {words}에 넘깁니다. 값이 바뀔 수 있습니다",
    "has a statement that is not known here ({kind})": "알 수 없는 문장이 있습니다 ({kind})",
    "has an expression that is not known here ({kind})": "알 수 없는 식이 있습니다 ({kind})",
    "has lines that begin like a prompt, which IPython cuts off": "IPython이 잘라 내는 프롬프트처럼 시작하는 줄이 있습니다",
    "has type parameters": "타입 매개변수가 있습니다",
    "has {to} call .{name}() by its name": "{to}이(가) .{name}()을(를) 이름으로 호출하게 합니다",
    "has {to} call a method whose name can't be told": "{to}이(가) 이름을 알 수 없는 메서드를 호출하게 합니다",
    "has {to} call {words}, if it is a function: its code is not here": (
        "{words}이(가) 함수라면 {to}이(가) 호출하게 합니다. 그 코드는 여기서 볼 수 없습니다"
    ),
    "imports all names of {module}, whatever they are": "{module}의 모든 이름을 가져옵니다",
    "imports from a package that it is not in": "속하지 않은 패키지에서 가져옵니다",
    "imports {module} under another name": "{module}을(를) 다른 이름으로 가져옵니다",
    "imports {module}, which is not known to be harmless": "{module}을(를) 가져옵니다. 안전한지 알 수 없습니다",
    "is longer than {most} characters": "{most}자보다 깁니다",
    "is no Python that can be read here (line {line}: {why})": "Python으로 읽을 수 없습니다 ({line}번째 줄: {why})",
    "is too intricate to follow": "너무 복잡해서 따라갈 수 없습니다",
    "loads objects that can run code (numpy.load with allow_pickle)": (
        "코드를 실행할 수 있는 객체를 읽어 들입니다 (allow_pickle을 쓰는 numpy.load)"
    ),
    "makes a class by hand (type)": "클래스를 직접 만듭니다 (type)",
    "makes a class from {what}": "{what}에서 클래스를 만듭니다",
    "makes a class with a metaclass or other arguments": "메타클래스나 다른 인자로 클래스를 만듭니다",
    "makes a function that changes what it is given ({name})": "받은 것을 바꾸는 함수를 만듭니다 ({name})",
    "opens a database, whose commands are not read here": "데이터베이스를 엽니다. 그 명령은 여기서 읽지 않습니다",
    "opens a file with a function of its own": "자체 함수로 파일을 엽니다",
    "prints into something that can't be told": "알 수 없는 곳에 출력합니다",
    "reaches for {name}, which is Python's own": "Python 내부의 {name}에 접근합니다",
    "reads a file or an address that can't be told ({path})": "알 수 없는 파일이나 주소를 읽습니다 ({path})",
    "runs a text as code that calls functions (.{attr}())": "함수를 호출하는 텍스트를 코드로 실행합니다 (.{attr}())",
    "runs a text as code that uses {name} (.{attr}())": "{name}을(를) 쓰는 텍스트를 코드로 실행합니다 (.{attr}())",
    "runs a text that can't be told as code (.{attr}())": "알 수 없는 텍스트를 코드로 실행합니다 (.{attr}())",
    "runs another file (%run)": "다른 파일을 실행합니다 (%run)",
    "sets {name}, which is Python's own": "Python 내부의 {name}을(를) 설정합니다",
    "takes an attribute whose name can't be told (getattr)": "이름을 알 수 없는 속성을 가져옵니다 (getattr)",
    "uses %%{name}, whose effect is not known here": "효과를 알 수 없는 %%{name}을(를) 씁니다",
    "uses %{name}, whose effect is not known here": "효과를 알 수 없는 %{name}을(를) 씁니다",
    "uses {name}, which is Python's own": "Python 내부의 {name}을(를) 씁니다",
    "writes to a database (.{attr}())": "데이터베이스에 씁니다 (.{attr}())",
    "writes to the clipboard": "클립보드에 씁니다",
    "{verb} {path} without calling it": "{path}을(를) 호출하지 않고 {verb}",
    "{verb} {path}, which is not known to be harmless": "{path}을(를) {verb}. 안전한지 알 수 없습니다",
    "{words} ({path})": "{words} ({path})",
    # what stands in those sentences
    "calls": "호출합니다",
    "hands on": "넘깁니다",
    "gives another name to": "다른 이름으로 부릅니다",
    "a path": "경로",
    "a connection": "연결",
    "an archive": "압축 파일",
    # -- why something of a module is not let through (`reach.REASONS`)
    "builds a class by hand": "클래스를 직접 만듭니다",
    "imports a module by name at run time": "실행 중에 이름으로 모듈을 가져옵니다",
    "starts a debugger": "디버거를 시작합니다",
    "makes code from text": "텍스트로 코드를 만듭니다",
    "removes an attribute by name": "이름으로 속성을 지웁니다",
    "lists names of objects": "객체의 이름을 나열합니다",
    "runs a text as code": "텍스트를 코드로 실행합니다",
    "ends the kernel": "커널을 끝냅니다",
    "takes hold of IPython itself": "IPython 자체에 접근합니다",
    "takes hold of all names at once": "모든 이름에 한꺼번에 접근합니다",
    "asks for input": "입력을 요구합니다",
    "asks for input, which nobody can give": "아무도 줄 수 없는 입력을 요구합니다",
    "writes into memory": "메모리에 직접 씁니다",
    "sets an attribute by name": "이름으로 속성을 설정합니다",
    "shows HTML, which can run in the browser": "브라우저에서 실행될 수 있는 HTML을 보여 줍니다",
    "runs JavaScript in the browser": "브라우저에서 JavaScript를 실행합니다",
    "shows another page": "다른 페이지를 보여 줍니다",
    "starts work that goes on after the cell": "셀이 끝난 뒤에도 계속되는 작업을 시작합니다",
    "takes hold of Python's own functions": "Python 내부 함수에 접근합니다",
    "loads objects that can run code": "코드를 실행할 수 있는 객체를 읽어 들입니다",
    "reaches into memory": "메모리에 직접 접근합니다",
    "reaches every object of the kernel": "커널의 모든 객체에 접근합니다",
    "imports modules at run time": "실행 중에 모듈을 가져옵니다",
    "looks into other code's state": "다른 코드의 상태를 들여다봅니다",
    "loads code": "코드를 읽어 들입니다",
    "starts other processes": "다른 프로세스를 시작합니다",
    "compiles code": "코드를 컴파일합니다",
    "reads or changes environment variables, where keys are kept": "키가 들어 있는 환경 변수를 읽거나 바꿉니다",
    "changes the kernel's folder": "커널의 작업 폴더를 바꿉니다",
    "reads environment variables, where keys are kept": "키가 들어 있는 환경 변수를 읽습니다",
    "changes environment variables": "환경 변수를 바꿉니다",
    "reads the clipboard": "클립보드를 읽습니다",
    "talks to a database": "데이터베이스와 통신합니다",
    "changes the kernel's settings": "커널의 설정을 바꿉니다",
    "runs another file": "다른 파일을 실행합니다",
    "fetches a file from the network": "네트워크에서 파일을 가져옵니다",
    "changes how the kernel is interrupted": "커널을 중단하는 방식을 바꿉니다",
    "takes hold of loaded modules": "불러온 모듈에 접근합니다",
    "changes where modules are found": "모듈을 찾는 위치를 바꿉니다",
    "ends the cell": "셀을 끝냅니다",
    "watches all code": "모든 코드를 감시합니다",
    "makes code objects": "코드 객체를 만듭니다",
    "changes which warnings the kernel shows": "커널이 보여 주는 경고를 바꿉니다",
    "opens a browser": "브라우저를 엽니다",
    # -- SQL
    "This is no SQL that can be read here: {why}": "SQL로 읽을 수 없습니다: {why}",
    "These are {count} statements; exactly one SELECT may run.": "문장이 {count}개입니다. SELECT 하나만 실행할 수 있습니다.",
    "This is nested too deeply to be read here.": "너무 깊이 중첩되어 읽을 수 없습니다.",
    "The text is longer than {most} characters.": "{most}자보다 깁니다.",
    "The text has a hidden character ({code}).": "보이지 않는 문자가 있습니다 ({code}).",
    "The text has a comment that databases read in different ways.": "데이터베이스마다 다르게 읽는 주석이 있습니다.",
    "The text has quotes that databases read in different ways.": "데이터베이스마다 다르게 읽는 따옴표가 있습니다.",
    "This is {word}; only a SELECT may run.": "{word} 문입니다. SELECT만 실행할 수 있습니다.",
    "It reads {names}, which is no table.": "테이블이 아닌 {names}을(를) 읽습니다.",
    "a file that can't be told": "알 수 없는 파일",
    "It contains {word}, which changes something.": "무언가를 바꾸는 {word}이(가) 있습니다.",
    "SELECT … INTO makes a table.": "SELECT … INTO는 테이블을 만듭니다.",
    "FOR UPDATE locks rows.": "FOR UPDATE는 행을 잠급니다.",
    "It has parameters whose values are not here.": "값을 알 수 없는 매개변수가 있습니다.",
    "It contains {word}.": "{word}이(가) 있습니다.",
    "It calls {name}(), which is not known to be harmless.": "{name}()을(를) 호출합니다. 안전한지 알 수 없습니다.",
    "It reads from something that is no table.": "테이블이 아닌 것에서 읽습니다.",
}
