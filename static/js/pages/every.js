// On every page. Nothing here is needed to use the page; it only saves steps.

import { holdBack } from '../lib/ssn.js';

// A search goes into the address; the server takes such a number out of everything else that is sent.
holdBack(document, () => document.body.dataset.noSsn ?? '', (form) => form.method === 'get');

const summary = document.querySelector('[data-takes-focus]');
if (summary instanceof HTMLElement) summary.focus();

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest('[data-opens]');
  if (opener instanceof HTMLElement) {
    const dialog = document.getElementById(opener.dataset.opens ?? '');
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
  }
  const closer = target?.closest('[data-closes]');
  const around = closer?.closest('dialog');
  if (around) around.close();
  // A menu closes when something outside it is chosen.
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(target)) menu.removeAttribute('open');
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    menu.removeAttribute('open');
    menu.querySelector('summary')?.focus();
  }
});

// A form that is sent twice by an impatient thumb is sent once.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== 'post') return;
  // A form that gives a file leaves its page standing, where it may be sent again.
  if ('givesFile' in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  window.addEventListener('pageshow', () => delete form.dataset.sent, { once: true });
});

for (const printer of document.querySelectorAll('[data-prints]')) {
  printer.removeAttribute('hidden');
  printer.addEventListener('click', () => window.print());
}

for (const copier of document.querySelectorAll('[data-copies]')) {
  const field = document.getElementById(copier instanceof HTMLElement ? copier.dataset.copies ?? '' : '');
  const words = copier.querySelector('[data-done]');
  // Without a secure address there is no clipboard; the field can be copied by hand.
  if (!(field instanceof HTMLInputElement) || !(words instanceof HTMLElement) || !navigator.clipboard) continue;
  copier.removeAttribute('hidden');
  copier.addEventListener('click', async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    words.textContent = words.dataset.done ?? '';
  });
}

// The arrows turn the pages of a calendar, as long as nothing else has the keyboard.
document.addEventListener('keydown', (event) => {
  const turn = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
  const turner = turn && document.querySelector('[data-turner]');
  if (!turner || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target !== document.body && target.id !== 'main' && !turner.contains(target)) return;
  const link = turner.querySelector(`a[rel="${turn}"]`);
  if (link instanceof HTMLElement) link.click();
});
