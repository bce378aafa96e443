import { piecesOf } from './pieces.ts'

export const PAGE_CHARACTERS_MAX = 1_000_000
const TITLE_MAX = 300
/** A title stands at the beginning. */
const HEAD_CHARACTERS = 50_000

export interface Page {
  title?: string
  text: string
}

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
/** What stands on a line of its own, which the library leaves to those who write the page. */
const LINES = ['li', 'tr', 'dt', 'dd', 'option', 'caption']
const CELLS = ['td', 'th']

/** The words of a page, without markup, pictures and addresses of links. */
export async function readPage(html: string): Promise<Page> {
  const { compile, convert } = await import('html-to-text')
  const toText = compile({
    wordwrap: false,
    limits: { maxInputLength: PAGE_CHARACTERS_MAX, maxChildNodes: 20_000, ellipsis: '…' },
    formatters: {
      cell: ({ children }, walk, builder) => {
        builder.addInline(' ')
        walk(children, builder)
        builder.addInline(' ')
      },
    },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'title', format: 'skip' },
      ...HEADINGS.map((selector) => ({ selector, options: { uppercase: false } })),
      ...LINES.map((selector) => ({
        selector,
        format: 'block',
        options: { leadingLineBreaks: 1, trailingLineBreaks: 1 },
      })),
      ...CELLS.map((selector) => ({ selector, format: 'cell' })),
    ],
  })
  const texts = (await piecesOf(html)).map((piece) => toText(piece)).filter((text) => text.trim() !== '')
  const head = html.slice(0, HEAD_CHARACTERS)
  const start = head.search(/<title[\s>]/i)
  const [, inside = ''] = start < 0 ? [] : (/^<title[^<>]*>([^<]*)/i.exec(head.slice(start)) ?? [])
  const title = convert(inside, { wordwrap: false }).replaceAll(/\s+/g, ' ').trim().slice(0, TITLE_MAX)
  return { ...(title === '' ? {} : { title }), text: texts.join('\n').toWellFormed() }
}
