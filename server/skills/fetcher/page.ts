export const PAGE_CHARACTERS_MAX = 1_000_000
const TITLE_MAX = 300
/** A title stands at the beginning. */
const HEAD_CHARACTERS = 50_000

export interface Page {
  title?: string
  text: string
}

/** The words of a page, without markup, pictures and addresses of links. */
export async function readPage(html: string): Promise<Page> {
  const { convert } = await import('html-to-text')
  const text = convert(html, {
    wordwrap: false,
    limits: { maxInputLength: PAGE_CHARACTERS_MAX, maxDepth: 100, maxChildNodes: 20_000, ellipsis: '…' },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'title', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
    ],
  })
  const head = html.slice(0, HEAD_CHARACTERS)
  const start = head.search(/<title[\s>]/i)
  const [, inside = ''] = start < 0 ? [] : (/^<title[^<>]*>([^<]*)/i.exec(head.slice(start)) ?? [])
  const title = convert(inside, { wordwrap: false }).replaceAll(/\s+/g, ' ').trim().slice(0, TITLE_MAX)
  return { ...(title === '' ? {} : { title }), text: text.toWellFormed() }
}
