// Shows how far long work has come, while it goes on: the page is asked again and its moving part exchanged.

const PAUSE = 2000;

async function lookAgain() {
  const shown = document.querySelector('[data-refreshes]');
  if (!shown) return;
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const newer = page.querySelector('[data-refreshes]');
    if (!newer) {
      location.reload();
      return;
    }
    shown.replaceWith(newer);
  }
  setTimeout(lookAgain, PAUSE);
}

setTimeout(lookAgain, PAUSE);
