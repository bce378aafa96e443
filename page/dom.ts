/** What an element holds; absent parts are left out. */
export type Child = Node | string | undefined | false

/** Attributes by name; `true` is one without a value, absent and `false` are left out. */
export type Attributes = Readonly<Record<string, string | boolean | undefined>>

/** Makes an element. Text becomes text and never markup, so nothing that was typed somewhere can act here. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.filter((child) => child !== undefined && child !== false))
  return element
}

/** Icons are drawn here, in strokes of the colour of their text; beside them stands the word that says the same. */
const ICONS = {
  passkey: ['M12.5 15a4.5 4.5 0 1 1-9 0a4.5 4.5 0 0 1 9 0', 'M11.2 11.8L20 3', 'M17 6l3 3', 'M14 9l2 2'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  cross: ['M7 7l10 10', 'M17 7L7 17'],
  warning: ['M12 4l9 16H3z', 'M12 10v4', 'M12 17h.01'],
  information: ['M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18', 'M12 11v5', 'M12 8h.01'],
  clock: ['M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18', 'M12 7.5V12l3 2'],
} as const
export type IconName = keyof typeof ICONS

const SVG = 'http://www.w3.org/2000/svg'

export function icon(name: IconName): SVGSVGElement {
  const drawn = document.createElementNS(SVG, 'svg')
  for (const [key, value] of Object.entries({ class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }))
    drawn.setAttribute(key, value)
  for (const line of ICONS[name]) {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', line)
    drawn.append(path)
  }
  return drawn
}

/** The name of the product, with its sign. */
export function mark(): HTMLElement {
  return el('span', { class: 'mark' }, el('span', { class: 'sign', 'aria-hidden': 'true' }), 'PAIOS')
}

/** A word for the state that something is in, never by colour alone. */
export function state(
  kind: 'good' | 'warn' | 'bad' | 'live' | 'rest',
  word: string,
  drawn?: IconName,
): HTMLElement {
  return el('span', { class: `state ${kind}` }, drawn !== undefined && icon(drawn), word)
}
