// Marks the entry of the session history that stands for the open panel.
const OPEN = 'voice-agent-open';

/**
 * Has Android's Back hide a panel that covers the page, instead of leaving the page.
 *
 * @param {HTMLElement} panel
 * @param {MediaQueryList} small whether it covers the page at the moment
 * @param {AbortSignal} signal ends it
 * @param {() => void} hide
 */
export function hideOnBack(panel, small, signal, hide) {
  const follow = 'CloseWatcher' in window ? followCloseRequests : followHistory;
  /** @type {(() => void) | undefined} */
  let unfollow;
  const end = () => {
    unfollow?.();
    unfollow = undefined;
  };
  const update = () => {
    if (!small.matches || panel.inert) end();
    else unfollow ??= follow(hide);
  };
  const observer = new MutationObserver(update);
  observer.observe(panel, { attributeFilter: ['inert'] });
  small.addEventListener('change', update, { signal });
  signal.addEventListener('abort', () => {
    observer.disconnect();
    end();
  });
  update();
}

/** @param {() => void} hide */
function followCloseRequests(hide) {
  const watcher = new /** @type {any} */ (window).CloseWatcher();
  watcher.onclose = hide;
  return () => watcher.destroy();
}

/**
 * Adds an entry to the session history, which Back leaves. The page's router then finds itself where it was. An entry
 * that the page has covered with one of its own is left alone.
 *
 * @param {() => void} hide
 */
function followHistory(hide) {
  const { href } = location;
  const isOurs = () => !!history.state?.[OPEN];
  // After a reload, it is there already.
  if (!isOurs()) history.pushState({ ...history.state, [OPEN]: true }, '');
  const onPop = () => {
    if (!isOurs() && location.href === href) hide();
  };
  addEventListener('popstate', onPop);
  return () => {
    removeEventListener('popstate', onPop);
    // The page may be about to add an entry of its own.
    setTimeout(() => isOurs() && history.back());
  };
}
