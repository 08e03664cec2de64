// An element as a PNG, whatever it is made of: its boxes with the styles that they have, laid out once more by the browser
// within an SVG. Main entry: elementPicture. Called by widget-host.ts for 'Copy as image'. Must hold: what canvases show is
// read before anything is awaited, for a WebGL canvas forgets it.

const XHTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";
/** Browsers refuse canvases that are much larger. */
const MAX_PIXELS = 8192;

/** Set in any case: an ancestor's value would be taken otherwise. */
const INHERITED =
  "color font-family font-size font-weight font-style font-variant-numeric letter-spacing line-height text-align " +
  "white-space visibility list-style-type overflow-wrap";
const OWN =
  "display position top right bottom left z-index float box-sizing width height min-width min-height max-width " +
  "max-height margin-top margin-right margin-bottom margin-left padding-top padding-right padding-bottom padding-left " +
  "border-top-width border-right-width border-bottom-width border-left-width border-top-style border-right-style " +
  "border-bottom-style border-left-style border-top-color border-right-color border-bottom-color border-left-color " +
  "border-top-left-radius border-top-right-radius border-bottom-left-radius border-bottom-right-radius " +
  "background-color background-image opacity overflow-x overflow-y transform translate text-overflow vertical-align " +
  "text-decoration-line box-shadow outline-style outline-width outline-color outline-offset clip-path flex-direction " +
  "flex-wrap flex-grow flex-shrink flex-basis align-items align-self align-content justify-content justify-items " +
  "justify-self row-gap column-gap grid-template-columns grid-template-rows grid-column-start grid-column-end " +
  "grid-row-start grid-row-end order";
const OF_SHAPES = "fill stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin vector-effect fill-opacity";
const DEFAULTS = new Set(["none", "normal", "auto", "0px", "visible", "static", "rgba(0, 0, 0, 0)"]);

/** Without what belongs to the element on the screen alone. */
export async function elementPicture(element: HTMLElement, isLeftOut: (part: Element) => boolean): Promise<Blob> {
  const { width, height } = element.getBoundingClientRect();
  const copy = copyOf(element, isLeftOut);
  if (!(copy instanceof Element)) throw new Error("it is not shown");
  copy.setAttribute("style", `${copy.getAttribute("style") ?? ""};margin:0;width:${width}px;height:${height}px`);
  const markup = new XMLSerializer().serializeToString(copy);
  const image = new Image();
  const svg = `<svg xmlns="${SVG}" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${markup}</foreignObject></svg>`;
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return await painted(image, width, height, groundOf(element));
}

async function painted(image: HTMLImageElement, width: number, height: number, ground: string): Promise<Blob> {
  const ratio = Math.min(devicePixelRatio, MAX_PIXELS / Math.max(width, height, 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("the browser gives no canvas");
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("it is too large")) : resolve(blob)), "image/png");
  });
}

/** The colour behind it: its own, or that of the nearest element that has one. */
function groundOf(element: Element): string {
  for (let at: Node | null = element; at !== null; at = at instanceof ShadowRoot ? at.host : at.parentNode) {
    const colour = at instanceof Element ? getComputedStyle(at).backgroundColor : "";
    if (colour !== "" && !colour.startsWith("rgba(") && colour !== "transparent") return colour;
  }
  return "#ffffff";
}

function copyOf(node: Node, isLeftOut: (part: Element) => boolean): Node | undefined {
  if (node instanceof Text) return document.createTextNode(node.data);
  if (!(node instanceof Element) || node instanceof HTMLStyleElement || isLeftOut(node)) return undefined;
  const style = getComputedStyle(node);
  if (style.display === "none") return undefined;
  if (node instanceof HTMLCanvasElement) return canvasCopy(node, style);
  const copy = node instanceof SVGElement ? (node.cloneNode(false) as SVGElement) : boxFor(node);
  copy.setAttribute("style", styleText(style, node instanceof SVGElement) + scrolled(node, style));
  const before = pseudo(node, "::before");
  if (before !== undefined) copy.append(before);
  copy.append(...contentOf(node, isLeftOut));
  const after = pseudo(node, "::after");
  if (after !== undefined) copy.append(after);
  return copy;
}

/** No element of ours nor of the browser's own look: a box that has the computed style. */
function boxFor(node: Element): Element {
  const table = node instanceof HTMLTableElement || node.closest("table") !== null;
  return document.createElementNS(XHTML, table ? node.localName : "div");
}

function contentOf(node: Element, isLeftOut: (part: Element) => boolean): readonly (Node | string)[] {
  if (node instanceof HTMLInputElement) return [node.value || node.placeholder];
  if (node instanceof HTMLSelectElement) return [node.selectedOptions[0]?.text ?? ""];
  return childrenOf(node).flatMap((child) => copyOf(child, isLeftOut) ?? []);
}

function childrenOf(node: Element): readonly Node[] {
  if (node instanceof HTMLSlotElement) return node.assignedNodes({ flatten: true });
  return [...(node.shadowRoot ?? node).childNodes];
}

function canvasCopy(canvas: HTMLCanvasElement, style: CSSStyleDeclaration): Element {
  const image = document.createElementNS(XHTML, "img");
  image.setAttribute("src", canvas.toDataURL());
  image.setAttribute("style", styleText(style, false) + scrolled(canvas, style));
  return image;
}

function pseudo(node: Element, which: "::before" | "::after"): Element | undefined {
  const style = getComputedStyle(node, which);
  if (style.content === "none" || style.content === "normal" || style.display === "none") return undefined;
  const box = document.createElementNS(XHTML, "div");
  box.setAttribute("style", styleText(style, false));
  box.textContent = style.content.replace(/^"|"$/g, "");
  return box;
}

function styleText(style: CSSStyleDeclaration, shape: boolean): string {
  const kept = OWN.split(" ").filter((name) => !DEFAULTS.has(style.getPropertyValue(name)));
  const names = [...INHERITED.split(" "), ...kept, ...(shape ? OF_SHAPES.split(" ") : [])];
  return names.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
}

/** The copy scrolls to nowhere: what is in a scrolled box is moved instead, and what sticks there is moved back. */
function scrolled(node: Element, style: CSSStyleDeclaration): string {
  const { scrollLeft: x = 0, scrollTop: y = 0 } = node.parentElement ?? {};
  if (style.position === "sticky") {
    let [left, top] = [-x, -y];
    for (let at = node.parentElement; at !== null; at = at.parentElement) {
      left += at.scrollLeft;
      top += at.scrollTop;
    }
    return `;position:relative;inset:auto;translate:${left}px ${top}px`;
  }
  return x === 0 && y === 0 ? "" : `;translate:${-x}px ${-y}px`;
}
