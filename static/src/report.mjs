// Writing a report: what is typed is sent a moment after the last key and when a box is left, and a line says in words
// whether it is saved. Nothing is kept in the browser but in the page. A report that was filed is changed by its button.

const form = document.querySelector("form[data-record]");
const state = form.querySelector("[data-state]");
const SOON = 1500;
const ASIDE = new Set(["version", "csrfmiddlewaretoken"]);

const snapshot = () => JSON.stringify([...new FormData(form)].filter(([name]) => !ASIDE.has(name)));

let saved = snapshot();
let saving; // the save under way
let timer;
let stopped = false; // saved elsewhere: the button shows both texts
let leaving = false;

const unsaved = () => stopped || snapshot() !== saved;

function show(text, { isFault = false } = {}) {
  state.textContent = text;
  state.classList.toggle("saved-bar__state--not", isFault);
}

function later(delay) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

// Gives whether everything is saved.
async function save() {
  clearTimeout(timer);
  while (saving) await saving; // one at a time: each goes on from the version the last one gave
  if (stopped || snapshot() === saved) return !stopped;
  saving = send().finally(() => (saving = undefined));
  await saving;
  return !unsaved();
}

async function send() {
  const sent = snapshot();
  let answer;
  try {
    answer = await fetch(location.pathname, {
      method: "POST",
      body: new FormData(form),
      redirect: "manual",
      headers: { Accept: "application/json" },
    });
  } catch {
    return tryAgain();
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    show("Not saved: you have been signed out", { isFault: true });
    return document.dispatchEvent(new CustomEvent("conferences:out"));
  }
  if (answer.status === 409) {
    stopped = true;
    return show("Not saved: this report was saved in another tab. Press Save to see both", { isFault: true });
  }
  const given = await answer.json().catch(() => ({}));
  if (answer.status === 400) return show(`Not saved: ${given.why}`, { isFault: true });
  if (!answer.ok) return tryAgain();
  saved = sent;
  form.elements.version.value = given.version;
  show(`Saved ${given.at}`);
  document.dispatchEvent(new CustomEvent("conferences:asked"));
  if (unsaved()) later(SOON);
}

function tryAgain() {
  show("Not saved: trying again", { isFault: true });
  later(5000);
}

form.addEventListener("input", () => later(SOON));
form.addEventListener("focusout", save);
form.addEventListener("submit", async (event) => {
  if (saving) {
    event.preventDefault();
    await saving; // so that the page goes on from the version that was just saved
    form.requestSubmit(event.submitter);
    return;
  }
  clearTimeout(timer);
  leaving = true;
  stopped = true;
});
document.addEventListener("visibilitychange", () => document.hidden && save());
document.addEventListener("conferences:leaving", (event) => {
  event.detail.waitFor(save().then((isSaved) => (leaving = isSaved)));
});
document.addEventListener("conferences:back", save);
addEventListener("online", save);
addEventListener("pageshow", (event) => {
  if (event.persisted) leaving = stopped = false;
});
addEventListener("beforeunload", (event) => {
  if (!leaving && unsaved()) event.preventDefault();
});
