// "Hide this screen": everything in <main> and the way to it go out of sight, and out of reach of keyboard and screen
// reader, until the button or F9 is pressed again. Nothing is changed or sent, so what was typed is still there.
const button = document.querySelector("[data-hide-page]");
const said = button.parentElement.querySelector("[role=status]");
const title = document.title;
let last; // where the person was

function hide(hidden) {
  if (hidden) last = document.activeElement;
  document.body.classList.toggle("is-hidden", hidden);
  document.title = hidden ? title.split(" – ").at(-1) : title;
  button.setAttribute("aria-pressed", hidden);
  said.textContent = hidden ? "This screen is hidden. Press the button or F9 to show it again." : "This screen is shown again.";
  if (hidden) button.focus();
  else if (last?.isConnected) last.focus();
}

const toggle = () => hide(button.getAttribute("aria-pressed") !== "true");

button.hidden = false;
button.addEventListener("click", toggle);
document.addEventListener("keydown", (event) => {
  if (event.key !== "F9" || event.repeat || event.ctrlKey || event.altKey || event.shiftKey || event.metaKey) return;
  event.preventDefault();
  toggle();
});
