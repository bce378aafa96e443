import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Capabilities } from '../capabilities.ts'
import { sentence } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { Url, readUrl } from './address.ts'
import { readBody } from './body.ts'
import { ANSWER_BYTES_MAX, checkAnswer } from './exchange.ts'
import { JSON_BYTES_MAX, beginningOf, jsonBytes } from './fit.ts'
import { PageText } from './html-to-text.ts'
import { sayHost } from './say.ts'

export const read_page = action({
  summary: 'Reads a page of the web: its text without the markup.',
  parameters: shape({ url: Url }),
  result: shape({
    url: Type.String(),
    title: Type.Optional(Type.String()),
    text: Type.String(),
    /** The text is only the beginning of the page. */
    truncated: Type.Optional(Type.Literal(true)),
    untrusted: Type.Literal(true),
  }),
  effect: 'network',
  repeatable: true,
  slots: { url: 'address' },
  questions: { url: 'Which page?' },
  phrases: [
    'what does {url} say',
    'what does [the] (page|website|site) [at] {url} say',
    'read [me] [the] (page|website|site|article) [at|from] {url}',
    'read {url} [to me|for me|out|aloud]',
    '(what is|what can i read) (on|at) {url}',
    'what is on [the] (page|website|site) [at] {url}',
    '(open|visit|browse|look at) [the] (page|website|site) [at] {url}',
    '(open|visit|browse|go to|look at) {url}',
    '(show|give) me the text (of|on|at) {url}',
  ],
  examples: [
    'what does example.org say',
    'read the page at https://example.com/about',
    'what is on example.net',
    'open example.com/menu and read it to me',
    'look at the website www.example.org',
    'show me the text of https://example.com/terms',
    'read me the article at https://example.net/2026/bees',
    'visit example.org/hours',
    'what can I read on https://example.com/faq',
    'tell me what is written at example.net/notice',
    'go to example.org and tell me what it says',
    'read https://example.com/story aloud',
    'which text is on the site example.org/team',
    'browse https://example.net/guide for me',
    'give me the words on the page example.com/lyrics',
  ],
  perform: async (can: Pick<Capabilities, 'net' | 'worker'>, { url: said }) => {
    const headers = { accept: 'text/html, text/plain;q=0.9, */*;q=0.5' }
    const response = await can.net.request({ url: readUrl(said), headers, bytes_max: ANSWER_BYTES_MAX })
    const { status, url } = response
    checkAnswer(true, url, status)
    const { body, encoding } = readBody(response)
    if (encoding === 'base64') throw new ActionError(`What ${sayHost(url)} answered is no text.`)
    const page = isHtml(response.headers['content-type'], body) ? await textOf(can, body) : { text: body }
    const frame = { url, ...page, untrusted: true as const }
    const beginning = beginningOf(
      page.text,
      JSON_BYTES_MAX - jsonBytes({ ...frame, text: '', truncated: true }),
    )
    const isWhole = beginning.length === page.text.length
    return {
      data: { ...frame, text: beginning, ...(isWhole ? {} : { truncated: true as const }) },
      text: sayPage(page, sayHost(url)),
    }
  },
})

function isHtml(type: string | undefined, body: string): boolean {
  return /html/i.test(type ?? '') || /^\s*<(?:!doctype html|html)\b/i.test(body)
}

async function textOf(can: Pick<Capabilities, 'worker'>, html: string) {
  if (html.trim() === '') return { text: '' }
  const page = await can.worker.perform('html_to_text', { html })
  Value.Assert(PageText, page)
  const { text, title } = page
  return title === undefined ? { text } : { text, title }
}

function sayPage({ title, text }: { title?: string; text: string }, host: string): string {
  const words = text.replaceAll(/\s+/g, ' ').trim()
  if (words === '') return `${host} has no text.`
  return `${title ?? host}: ${sentence(words)}`
}
