/**
 * A small renderer: screens are described as plain nodes, and the page is changed only where the description changed.
 * Text stays text: nothing is ever parsed as markup.
 */

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'use', 'path', 'title']);

/**
 * @typedef {string|number|null|undefined|false|Node_} Child
 * @typedef {Child|Child[]|(Child|Child[])[]} Children
 * @typedef {{[name: string]: any}} Props `on…` is a listener, `key` keeps identity, `mounted` and `gone` get the element
 * @typedef {{tag: string, props: Props, children: (string|Node_)[]}} Node_
 */

/**
 * Describes an element.
 * @param {string} tag
 * @param {Props} [props]
 * @param {...Children} children
 * @returns {Node_}
 */
export function h(tag, props = {}, ...children) {
  /** @type {(string|Node_)[]} */
  const flat = [];
  for (const child of /** @type {any[]} */ (children).flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    flat.push(typeof child === 'object' ? child : String(child));
  }
  return { tag, props, children: flat };
}

/** What an element was last described as. @type {WeakMap<Element, Node_>} */
const described = new WeakMap();

/**
 * Makes the inside of `parent` be `children`.
 * @param {Element} parent
 * @param {(string|Node_)[]} children
 */
export function render(parent, children) {
  const before = [...parent.childNodes];
  const keyed = new Map();
  for (const node of before) {
    const key = node instanceof Element ? described.get(node)?.props.key : undefined;
    if (key !== undefined) keyed.set(key, node);
  }
  const used = new Set();
  children.forEach((child, index) => {
    const key = typeof child === 'object' ? child.props.key : undefined;
    const same =
      key === undefined
        ? before.find((node) => !used.has(node) && !isKeyed(node) && fits(node, child))
        : keyed.get(key);
    const old = same && fits(same, child) ? same : null;
    const node = old ? updated(old, child) : created(child, parent.namespaceURI === SVG);
    used.add(node);
    if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] ?? null);
    if (!old && node instanceof Element && node.isConnected) mounted(node);
  });
  for (const node of before) if (!used.has(node)) removed(node);
}

/** @param {Node} node */
function isKeyed(node) {
  return node instanceof Element && described.get(node)?.props.key !== undefined;
}

/**
 * @param {Node} node
 * @param {string|Node_} child
 */
function fits(node, child) {
  if (typeof child === 'string') return node.nodeType === 3;
  return node instanceof Element && described.get(node)?.tag === child.tag;
}

/**
 * @param {string|Node_} child
 * @param {boolean} insideSvg
 * @returns {Node}
 */
function created(child, insideSvg) {
  if (typeof child === 'string') return document.createTextNode(child);
  const svg = child.tag === 'svg' || (insideSvg && SVG_TAGS.has(child.tag));
  const element = svg ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag);
  described.set(element, { tag: child.tag, props: {}, children: [] });
  updated(element, child);
  return element;
}

/**
 * @param {Node} node
 * @param {string|Node_} child
 * @returns {Node}
 */
function updated(node, child) {
  if (typeof child === 'string') {
    if (node.nodeValue !== child) node.nodeValue = child;
    return node;
  }
  const element = /** @type {Element} */ (node);
  const before = described.get(element)?.props ?? {};
  for (const name of Object.keys(before)) if (!(name in child.props)) setProp(element, name, undefined);
  for (const [name, value] of Object.entries(child.props)) if (before[name] !== value) setProp(element, name, value);
  described.set(element, child);
  render(element, child.children);
  if ('value' in child.props && element.tagName === 'SELECT') {
    /** @type {HTMLSelectElement} */ (element).value = child.props.value;
  }
  return element;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {any} value
 */
function setProp(element, name, value) {
  if (name === 'key' || name === 'mounted' || name === 'gone') return;
  if (name.startsWith('on') || ['value', 'checked', 'srcObject', 'muted'].includes(name)) {
    /** @type {any} */ (element)[name] = value ?? (name.startsWith('on') ? null : '');
    return;
  }
  if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/** @param {Element} element */
function mounted(element) {
  for (const child of element.children) mounted(child);
  if (!told.has(element)) {
    told.add(element);
    described.get(element)?.props.mounted?.(element);
  }
}

/** Elements whose `mounted` was called. @type {WeakSet<Element>} */
const told = new WeakSet();

/** @param {Node} node */
function removed(node) {
  if (node instanceof Element) {
    for (const child of node.querySelectorAll('*')) described.get(child)?.props.gone?.(child);
    described.get(node)?.props.gone?.(node);
  }
  node.parentNode?.removeChild(node);
}
