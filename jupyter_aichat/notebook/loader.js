// Fetches the panel from the Jupyter server behind this page, so that no notebook carries a copy of it.
const korean = () => /^ko\b/i.test(document.documentElement.lang || navigator.language);
const SENTENCES = {
  noServer: [
    "There is no Jupyter server behind this page; the chat panel needs one. Open the notebook in JupyterLab or Notebook 7.",
    "이 페이지에는 채팅에 필요한 Jupyter 서버가 없어요. JupyterLab이나 Notebook 7에서 노트북을 열어 주세요.",
  ],
  notEnabled: [
    "The chat is not enabled on this Jupyter server. Run `jupyter server extension enable jupyter_aichat` where Jupyter is installed, restart Jupyter, and run this cell again.",
    "이 Jupyter 서버에서 채팅이 켜져 있지 않아요. Jupyter가 설치된 곳에서 `jupyter server extension enable jupyter_aichat`을 실행하고 Jupyter를 다시 시작한 뒤 이 셀을 다시 실행하세요.",
  ],
};
const say = (name) => SENTENCES[name][korean() ? 1 : 0];

function baseUrl() {
  const config = document.getElementById("jupyter-config-data");
  const found = config ? JSON.parse(config.textContent).baseUrl || "/" : document.body.dataset.baseUrl;
  return found && new URL(found.replace(/\/?$/, "/"), document.location.href);
}

function style(href) {
  if (![...document.styleSheets].some((sheet) => sheet.href === href)) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    return new Promise((done) => { link.onload = link.onerror = done; document.head.append(link); });
  }
}

async function render(context) {
  try {
    const base = baseUrl();
    if (!base) { context.el.textContent = say("noServer"); return; }
    const file = (name) => new URL(`api/aichat/static/${name}?v=${context.model.get("_version")}`, base).href;
    const [panel] = await Promise.all([import(file("widget.js")), style(file("widget.css"))]);
    return panel.default.render(context);
  } catch (error) { context.el.textContent = `${say("notEnabled")} (${error.message})`; }
}
export default { render };
