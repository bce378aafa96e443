import { el, icon } from './dom.ts'
import type { Attributes, Child } from './dom.ts'
import { Cancelled, explain } from './failure.ts'

let counter = 0

export interface Field {
  element: HTMLElement
  input: HTMLInputElement
}

/** A labelled field; the hint is read out with it. */
export function field(label: string, attributes: Attributes, hint?: string): Field {
  const id = `field-${(counter += 1)}`
  const hintId = hint === undefined ? undefined : `${id}-hint`
  const input = el('input', { id, required: true, 'aria-describedby': hintId, ...attributes })
  const shown =
    attributes['type'] === 'password' ? el('div', { class: 'with-reveal' }, input, reveal(input)) : input
  const element = el(
    'div',
    { class: 'field' },
    el('label', { for: id }, label),
    shown,
    hint !== undefined && el('p', { class: 'hint', id: hintId }, hint),
  )
  return { element, input }
}

/** Says to a password manager whose password is asked for. */
export function owner(email: string): HTMLInputElement {
  return el('input', { type: 'text', autocomplete: 'username', value: email, readonly: true, hidden: true })
}

/** Long passwords are typed better when they can be looked at. */
function reveal(input: HTMLInputElement): HTMLElement {
  const button = el('button', { type: 'button', class: 'reveal', 'aria-pressed': 'false' }, 'Show')
  button.setAttribute('aria-controls', input.id)
  button.setAttribute('aria-label', 'Show the password')
  button.addEventListener('click', () => {
    const isShown = input.type === 'text'
    input.type = isShown ? 'password' : 'text'
    button.textContent = isShown ? 'Show' : 'Hide'
    button.setAttribute('aria-pressed', String(!isShown))
  })
  return button
}

export interface Button {
  label: string
  /** Said while it works: "Signing in…". */
  busy?: string
  kind?: 'main' | 'plain' | 'quiet' | 'danger'
  /** For whoever hears the button without the row that it stands in. */
  described?: string
}

/** Where failures are shown and read out. */
export interface Failures {
  element: HTMLElement
  show(error: unknown): void
  clear(): void
}

export function failures(): Failures {
  const element = el('div', { role: 'alert', class: 'failures' })
  const clear = () => element.replaceChildren()
  return {
    element,
    clear,
    show(error) {
      clear()
      if (error instanceof Cancelled) return
      const { text, request_id } = explain(error)
      const number =
        request_id === undefined ? undefined : el('span', { class: 'request' }, `Request ${request_id}`)
      element.append(el('p', { class: 'failure' }, icon('warning'), el('span', {}, text, number)))
    },
  }
}

/** A button that does one thing at a time, and says where it went wrong. */
export function action(
  { label, busy = 'Working…', kind = 'plain', described }: Button,
  shown: Failures,
  work: () => Promise<void>,
): HTMLButtonElement {
  const button = el('button', { type: 'button', class: kind, 'aria-label': described }, label)
  button.addEventListener('click', () => void during(button, busy, shown, work))
  return button
}

/** A form that is sent by Enter or its button. */
export function form(
  { label, busy = 'Working…', kind = 'main' }: Button,
  shown: Failures,
  { fields, beside }: { fields: Child[]; beside?: Child[] },
  work: () => Promise<void>,
): HTMLFormElement {
  const button = el('button', { type: 'submit', class: kind }, label)
  const made = el(
    'form',
    {},
    ...fields,
    shown.element,
    el('div', { class: 'buttons' }, button, ...(beside ?? [])),
  )
  made.addEventListener('submit', (event) => {
    event.preventDefault()
    void during(button, busy, shown, work)
  })
  return made
}

async function during(
  button: HTMLButtonElement,
  busy: string,
  shown: Failures,
  work: () => Promise<void>,
): Promise<void> {
  if (button.getAttribute('aria-disabled') === 'true') return
  const region = button.closest('section')
  const { textContent: label } = button
  // Its width stays, so that nothing jumps; and it keeps the focus, which a disabled button would lose.
  button.style.setProperty('min-inline-size', `${button.offsetWidth}px`)
  button.setAttribute('aria-disabled', 'true')
  button.textContent = busy
  shown.clear()
  try {
    await work()
  } catch (error) {
    shown.show(error)
  } finally {
    button.textContent = label
    button.removeAttribute('aria-disabled')
    button.style.removeProperty('min-inline-size')
    // What it stood in may be gone; whoever goes by keyboard then stays in its part of the page.
    if (!button.isConnected && document.activeElement === document.body) region?.querySelector('h2')?.focus()
  }
}
