// "Exit this page": GOV.UK Frontend's part, except that the page left behind is replaced in the browser's history.
import { ExitThisPage } from "./govuk/exit-this-page.bundle.mjs";

class Leaving extends ExitThisPage {
  static moduleName = "leaving";

  exitPage() {
    this.$updateSpan.textContent = "";
    document.body.classList.add("govuk-exit-this-page-hide-content");
    this.$overlay = document.createElement("div");
    this.$overlay.className = "govuk-exit-this-page-overlay";
    this.$overlay.setAttribute("role", "alert");
    document.body.append(this.$overlay);
    this.$overlay.textContent = this.i18n.t("activated");
    document.title = this.$overlay.textContent;
    location.replace(this.$button.href);
  }
}

for (const part of document.querySelectorAll("[data-leave]")) new Leaving(part);
