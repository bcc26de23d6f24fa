// Staying signed in, and what happens when time is up, on every page of conferences. Two minutes before, a notice says
// when; typing or "Go on" makes it longer. Then the page leads to signing in and back, unless something typed would be
// lost: then it stays, says so, and goes on once the same person has signed in again in another tab.
//
// Other scripts of a page hear: "conferences:leaving" (detail.waitFor takes promises of whether all is saved),
// "conferences:back" (signed in again). They tell: "conferences:asked" (the server heard from us), "conferences:out".
const box = document.querySelector("[data-idle]");
const words = box.querySelector("[data-idle-words]");
const goOn = box.querySelector("[data-idle-on]");
const signIn = box.querySelector("[data-idle-in]");
const { idle: url, person } = box.dataset;
const WARNING = 120; // seconds before the end
let timer;
let typed = false;
let out = false;

const say = (text, part) => {
  words.textContent = text;
  goOn.hidden = part !== goOn;
  signIn.hidden = part !== signIn;
  box.hidden = !text;
};

const after = (seconds, act) => {
  clearTimeout(timer);
  timer = setTimeout(act, Math.max(seconds, 0) * 1000);
};

// Gives what the server says, "out" when nobody is signed in, nothing when it can't be reached.
async function ask(method = "GET") {
  try {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    const answer = await fetch(url, {
      method,
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) return "out";
    if (answer.status === 403 && method === "POST") return ask();
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

const isTyped = (field) =>
  field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
  : field.options ? [...field.options].some((one) => one.selected !== one.defaultSelected)
  : field.value !== field.defaultValue;

const unsent = () =>
  [...document.querySelectorAll(".main form:not([data-record])")].some((form) =>
    [...form.elements].some((field) => "name" in field && field.type !== "hidden" && "defaultValue" in field && isTyped(field)));

async function look() {
  const answer = await ask(typed ? "POST" : "GET");
  typed = false;
  if (answer === "out") return ended();
  if (!answer) return after(15, look);
  if (answer.left > WARNING + 5) {
    say("");
    return after(answer.left - WARNING, look);
  }
  say(`You will be signed out at ${answer.ends} unless you go on.`, goOn);
  return after(answer.left - 4, leave);
}

// Whether everything typed on this page is safe; other scripts of the page may save it first.
async function allSafe() {
  const waiting = [];
  document.dispatchEvent(new CustomEvent("conferences:leaving", { detail: { waitFor: (promise) => waiting.push(promise) } }));
  return !(await Promise.all(waiting)).includes(false) && !unsent();
}

async function leave() {
  await allSafe();
  const answer = await ask();
  if (answer?.left > 10) return look(); // another tab went on
  return after((answer?.left ?? 4) + 2, ended);
}

// The time is up. With everything safe the same address leads to signing in, and back here.
async function ended() {
  if (out) return;
  out = true;
  if (await allSafe()) {
    location.replace(location.pathname + location.search);
    return;
  }
  say("You have been signed out. Your text is still here, not saved.", signIn);
  after(10, comeBack);
}

async function comeBack() {
  if (!out) return;
  const answer = await ask();
  if (!answer?.token) return after(10, comeBack);
  if (answer.person !== person) {
    say("Somebody else is signed in now. Sign in as yourself to save your text, or copy it.", signIn);
    return after(10, comeBack);
  }
  out = false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = answer.token;
  say("You are signed in again.");
  document.dispatchEvent(new CustomEvent("conferences:back"));
  after(5, look);
}

goOn.addEventListener("click", async () => {
  const answer = await ask("POST");
  if (answer === "out") return ended();
  say("");
  return after(answer ? answer.left - WARNING : 15, look);
});
document.addEventListener("input", () => (typed = true));
document.addEventListener("conferences:asked", () => {
  if (out) return;
  typed = false;
  say("");
  after(Number(box.dataset.left) - WARNING, look);
});
document.addEventListener("conferences:out", ended);
document.addEventListener("visibilitychange", () => document.hidden || (out ? comeBack() : look()));
addEventListener("focus", () => out && comeBack());
after(Number(box.dataset.left) - WARNING, look);
