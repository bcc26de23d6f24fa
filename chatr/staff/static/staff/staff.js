// Names for the parts of Django admin's own widgets that have none, so that a screen reader can say what they are for.
'use strict';

function label(select) {
  const written = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  return select.getAttribute('aria-label') || (written ? written.textContent.trim().replace(/:$/, '') : 'Choose');
}

function nameWidgets() {
  for (const box of document.querySelectorAll('.select2-selection:not([data-named])')) {
    const select = box.closest('.select2-container').previousElementSibling;
    if (!select) continue;
    box.dataset.named = 'yes';
    box.removeAttribute('aria-labelledby');
    const shown = box.querySelector('.select2-selection__rendered');
    if (shown) {  // it only repeats what the box says
      shown.removeAttribute('role');
      shown.removeAttribute('aria-readonly');
    }
    const say = () => box.setAttribute('aria-label', [label(select), shown && shown.title].filter(Boolean).join(': '));
    say();
    if (shown) new MutationObserver(say).observe(shown, { attributes: true, childList: true });
  }
  for (const box of document.querySelectorAll('.select2-selection')) {
    const list = box.getAttribute('aria-owns');  // there while the list is open
    if (list) box.setAttribute('aria-controls', list);
    else box.removeAttribute('aria-controls');
  }
  for (const search of document.querySelectorAll('.select2-search__field:not([aria-label])')) {
    search.setAttribute('aria-label', 'Search');
  }
  for (const list of document.querySelectorAll('.select2-results__options:not([aria-label])')) {
    list.setAttribute('aria-label', 'Results');
  }
  for (const icon of document.querySelectorAll('.selector .search-label-icon:not([role])')) {
    icon.setAttribute('role', 'img');
  }
}

document.addEventListener('DOMContentLoaded', nameWidgets);
new MutationObserver(nameWidgets).observe(document.documentElement, { childList: true, subtree: true });
nameWidgets();
