/** Marks on one letter that are put in order together: no writing has as many. */
const TOGETHER_MAX = 64
const TOO_MANY = new RegExp(`\\p{M}{${TOGETHER_MAX + 1}}`, 'u')
const BETWEEN = new RegExp(`(?<=\\p{M}{${TOGETHER_MAX}})(?=\\p{M})`, 'u')
const BEYOND = new RegExp(`(\\p{M}{${TOGETHER_MAX}})\\p{M}+`, 'gu')

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const
export type Form = (typeof FORMS)[number]

export function isForm(name: string): name is Form {
  return (FORMS as readonly string[]).includes(name)
}

/** Whether a letter has more marks than any writing has, so that what is done with the text is dear. */
export function hasManyMarks(text: string): boolean {
  return TOO_MANY.test(text)
}

/**
 * The text in a form of Unicode. Putting marks in order takes time with the square of their number: a letter with tens of
 * thousands would hold up everybody for seconds, so of so many only some at a time are put in order.
 */
export function toForm(text: string, form: Form): string {
  if (!TOO_MANY.test(text)) return text.normalize(form)
  return text
    .split(BETWEEN)
    .map((part) => part.normalize(form))
    .join('')
}

/** The text without the marks of a letter that are more than any writing has, for comparing it in bounded time. */
export function fewMarks(text: string): string {
  return TOO_MANY.test(text) ? text.replaceAll(BEYOND, '$1') : text
}
