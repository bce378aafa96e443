import { el } from './dom.ts'
import type { Child } from './dom.ts'
import { failures } from './form.ts'
import type { Failures } from './form.ts'

/** A part of the account page. */
export interface Section {
  id: string
  title: string
  element: HTMLElement
  /** Shows what is so now. Never throws: what fails is shown in the part itself. */
  refresh(): Promise<void>
}

interface Parts {
  id: string
  title: string
  lead?: string
  /** Where failures of this part are shown. */
  shown?: Failures
  /** Beside the title. */
  beside?: Child
  body: Child[]
  /** Reads what is so, and answers how to show it. */
  load?: () => Promise<() => void>
}

export function section({ id, title, lead, shown = failures(), beside, body, load }: Parts): Section {
  const heading = el('h2', { id: `${id}-title`, tabindex: '-1' }, title)
  const element = el(
    'section',
    { id, 'aria-labelledby': heading.id },
    el('div', { class: 'head' }, heading, beside),
    lead !== undefined && el('p', { class: 'dim' }, lead),
    shown.element,
    ...body,
  )
  let latest = 0
  return {
    id,
    title,
    element,
    async refresh() {
      const mine = (latest += 1)
      try {
        const show = await load?.()
        // A later question may have been answered earlier.
        if (mine === latest) show?.()
      } catch (error) {
        if (mine === latest) shown.show(error)
      }
    },
  }
}

/** A list with lines between; an empty one says so. */
export function rows(of: readonly HTMLElement[], empty: string): HTMLElement {
  if (of.length === 0) return el('p', { class: 'empty' }, empty)
  return el('ul', { class: 'rows' }, ...of.map((row) => el('li', {}, row)))
}
