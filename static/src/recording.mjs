// Writing in a section. Everything typed is sent a moment after the last key, at least every five seconds while typing
// and when a box is left; a line says in words whether it is saved. Nothing is kept in the browser but in the page.

const form = document.querySelector("[data-record]");
const blocks = form.querySelector("[data-blocks]");
const state = form.querySelector("[data-state]");
const said = form.querySelector("[data-said]");
const { idle: presence, person } = document.querySelector("[data-idle]").dataset;
const SOON = 1500;
const AT_MOST = 5000;
const OURS = new Set(["version", "csrfmiddlewaretoken"]);

let saved = snapshot();
let saving; // the save under way
let timer;
let since; // when the oldest unsaved key was pressed
let wait = 3000; // before trying again
let stale = "stale" in form.dataset;
let leaving = false;

function snapshot() {
  return JSON.stringify([...new FormData(form)].filter(([name]) => !OURS.has(name) && !name.endsWith("-seen")));
}

const unsaved = () => stale || snapshot() !== saved;

function show(text, { isFault = false } = {}) {
  if (isFault !== state.classList.contains("saved-bar__state--not")) said.textContent = text; // read out when it changes
  state.textContent = text;
  state.classList.toggle("saved-bar__state--not", isFault);
}

const notSaved = (why) => show(`Not saved: ${why}`, { isFault: true });

function later(delay) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

// Gives whether everything is saved.
async function save({ last = false } = {}) {
  clearTimeout(timer);
  if (saving) {
    await saving;
    return save({ last });
  }
  if (stale) return false;
  if (!unsaved()) return true;
  saving = send(last).finally(() => (saving = undefined));
  await saving;
  return !unsaved();
}

async function send(last, again = false) {
  const sent = snapshot();
  since = undefined;
  if (!state.classList.contains("saved-bar__state--not")) show("Saving");
  let answer;
  try {
    answer = await fetch(form.dataset.save, {
      method: "POST",
      body: new FormData(form),
      redirect: "manual",
      headers: { Accept: "application/json", ...(last && { "X-Nobody-Here": "1" }) },
    });
  } catch {
    return tryAgain();
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) return signedOut();
  if (answer.status === 403 && !again) return freshToken(last);
  if (answer.status === 404) return notSaved("you can no longer write here. Copy your text");
  const given = await answer.json().catch(() => undefined);
  if (answer.status === 409) return bothTexts(given.html);
  if (answer.status === 400) return faults(given.errors);
  if (!answer.ok || !given) return tryAgain();
  faults({});
  saved = sent;
  wait = 3000;
  form.elements.version.value = given.version;
  for (const [id, seen] of Object.entries(given.seen)) {
    const field = form.elements[`${id}-seen`];
    if (field) field.value = seen;
  }
  show(`Saved ${given.at}`);
  if (!last) document.dispatchEvent(new CustomEvent("conferences:asked"));
  if (unsaved()) later(SOON);
}

function tryAgain() {
  notSaved("trying again");
  wait = Math.min(wait * 1.5, 15000);
  later(wait);
}

function signedOut() {
  notSaved("you have been signed out");
  document.dispatchEvent(new CustomEvent("conferences:out"));
}

// The person signed in again elsewhere, so this page's token is no longer good. It gets a new one, for nobody else.
async function freshToken(last) {
  let answer;
  try {
    answer = await fetch(presence, { redirect: "manual", headers: { Accept: "application/json" } });
    if (answer.type !== "opaqueredirect") answer = await answer.json();
  } catch {
    return tryAgain();
  }
  if (answer.person !== person) return signedOut();
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = answer.token;
  return send(last, true);
}

function faults(errors) {
  for (const place of form.querySelectorAll("[data-fault]")) place.hidden = true;
  for (const [id, messages] of Object.entries(errors)) {
    const field = id && document.getElementById(id);
    const place = field && field.closest("[data-words]").querySelector("[data-fault]");
    if (place) {
      place.textContent = messages.join(" ");
      place.hidden = false;
    }
    notSaved(place ? "something needs changing" : messages.join(" "));
  }
}

// Somebody else changed this section: both versions stand side by side, with what was typed in the meantime.
function bothTexts(html) {
  const typed = new Map([...new FormData(form)].filter(([name]) => !OURS.has(name) && !name.endsWith("-seen")));
  const fresh = form.querySelectorAll("[data-new] [data-words]");
  const focused = document.activeElement.id;
  const [from, to] = [document.activeElement.selectionStart, document.activeElement.selectionEnd];
  blocks.innerHTML = html;
  for (const box of fresh) if (form.querySelector(`[data-blocks] [data-words="${box.dataset.words}"]`)) box.parentElement.remove();
  if (!form.querySelector("[data-new] [data-words]")) add({ quietly: true });
  for (const box of blocks.querySelectorAll("[data-words]")) {
    const field = form.elements[`${box.dataset.words}-words`];
    if (box.querySelector("[data-theirs]") && typed.has(field.name)) field.value = typed.get(field.name);
  }
  stale = true;
  notSaved("somebody else changed this section");
  const field = focused && document.getElementById(focused);
  if (field && field.setSelectionRange) {
    field.focus();
    field.setSelectionRange(from, to);
  } else blocks.querySelector("[data-both]").focus();
}

function add({ quietly = false } = {}) {
  const blank = form.querySelector("[data-blank]");
  const holder = document.createElement("div");
  holder.innerHTML = blank.innerHTML.replaceAll(/0{8}-0{4}-0{4}-0{4}-0{12}/g, crypto.randomUUID());
  const words = holder.firstElementChild;
  form.querySelector("[data-new]").append(words);
  if (!quietly) words.querySelector("select").focus();
}

// Leave for another page of ours, everything saved first.
async function go(act) {
  if (!(await save()) && !confirm("Your text is not saved. Leave this page all the same?")) return;
  leaving = true;
  setTimeout(() => (leaving = false), 5000); // still here: the next page could not be reached
  setTimeout(act); // not at once, because a form does not submit again while it is being submitted
}

function keepCursor() {
  const field = document.activeElement;
  const key = field?.closest?.("[data-words]")?.dataset.words;
  const query = key ? `?${new URLSearchParams({ block: key, at: field.selectionStart ?? 0 })}` : "";
  history.replaceState(null, "", location.pathname + query);
}

function putCursorBack() {
  const query = new URLSearchParams(location.search);
  const field = form.elements[`${query.get("block")}-words`];
  if (!field) return;
  field.focus();
  field.setSelectionRange(Number(query.get("at")), Number(query.get("at")));
  history.replaceState(null, "", location.pathname);
}

form.addEventListener("input", () => {
  if (stale) return;
  since ??= Date.now();
  later(Math.max(0, Math.min(SOON, since + AT_MOST - Date.now())));
});
form.addEventListener("focusout", () => !stale && unsaved() && save());
form.addEventListener("click", (event) => {
  const put = event.target.closest("[data-add-theirs]");
  if (!put) return;
  const mine = document.getElementById(put.dataset.addTheirs);
  mine.value = `${mine.value}\n\n${put.parentElement.querySelector("[data-theirs]").textContent}`;
  mine.focus();
});
form.querySelector("[data-add]").addEventListener("click", () => add());
document.addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  if (target === form && stale) leaving = true; // with both texts on the page, saving shows it anew
  if (leaving) return;
  event.preventDefault();
  if (target === form && !submitter?.name) await save();
  else await go(() => target.requestSubmit(submitter));
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.target || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.origin !== location.origin || link.pathname === location.pathname || !unsaved()) return;
  event.preventDefault();
  go(() => link.click());
});
document.addEventListener("keydown", (event) => {
  if (event.altKey && (event.key === "PageDown" || event.key === "PageUp")) {
    event.preventDefault();
    document.querySelector(`a[rel=${event.key === "PageDown" ? "next" : "prev"}]`)?.click();
  } else if (event.altKey && event.key === "Enter") {
    event.preventDefault();
    add();
  } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
  }
});
document.addEventListener("visibilitychange", () => document.hidden && !stale && save());
document.addEventListener("conferences:leaving", (event) => {
  keepCursor();
  event.detail.waitFor(save({ last: true }).then((isSaved) => (leaving = isSaved)));
});
document.addEventListener("conferences:back", () => save());
addEventListener("online", () => save());
addEventListener("beforeunload", (event) => {
  if (!leaving && unsaved()) event.preventDefault();
});

// Who is where, and whether somebody else wrote here, every half minute.
setInterval(async () => {
  if (document.hidden || saving) return;
  try {
    const answer = await fetch(form.dataset.save, { redirect: "manual", headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const given = await answer.json();
    for (const [id, mark] of Object.entries(given.sections)) {
      const line = document.querySelector(`[data-section="${id}"]`);
      if (!line) continue;
      line.querySelector("[data-written]").textContent = mark.written ? "written" : "empty";
      line.querySelector("[data-who]").textContent = mark.who ? ` · ${mark.who}` : "";
    }
    if (given.version > Number(form.elements.version.value) && !saving && !unsaved()) {
      keepCursor();
      location.reload(); // nothing of ours is unsaved, so what the other person wrote can simply be shown
    }
  } catch {
    // The line says "not saved" when something typed could not be sent; who is where can wait.
  }
}, 30000);

putCursorBack();
if (stale) blocks.querySelector("[data-both]").focus();
