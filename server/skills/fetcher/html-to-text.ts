import { Type } from 'typebox'
import { sayCount, sentence } from '../say.ts'
import { action, shape } from '../skill.ts'
import { PAGE_CHARACTERS_MAX, readPage } from './page.ts'

export const PageText = shape({
  text: Type.String(),
  title: Type.Optional(Type.String()),
  untrusted: Type.Literal(true),
})

export const html_to_text = action({
  summary: 'Turns HTML into the text that people read.',
  parameters: shape({ html: Type.String({ minLength: 1, maxLength: PAGE_CHARACTERS_MAX }) }),
  result: PageText,
  effect: 'read',
  pure: true,
  heavy: true,
  questions: { html: 'Paste the HTML, please.' },
  phrases: [
    '(turn|convert|change) (this|the|the following) html (into|to) [plain] text: {html}',
    '(turn|convert|change) (this|the|the following) html (into|to) [plain] text',
    'html to text: {html}',
    'html to text',
    '(strip|remove) the (tags|html|markup) (from|of|in) {html}',
    '(extract|get) the [plain] text (from|of|in) (this|the) html {html}',
    'what does this html say {html}',
    'show (this|the) html as [plain] text {html}',
  ],
  examples: [
    'turn this html into text: <p>hello <b>there</b></p>',
    'strip the tags from <div>one<br>two</div>',
    'convert the html to plain text',
    'what does this html say <h1>Closed</h1>',
    'html to text <ul><li>salt</li><li>oil</li></ul>',
    'remove the markup in <i>late</i>',
    'extract the text from this html <p>open at ten</p>',
    'I have some html here, give me the words only',
    'show this html as text <span>7 left</span>',
    'get rid of the html tags in what I pasted',
    'make readable text out of this markup',
    'clean the html off this snippet <td>42</td>',
    'read the html below as text',
    'unmarkup this: <em>yes</em>',
    'take the plain text out of the html source',
  ],
  perform: async (_can, { html }) => {
    const page = await readPage(html)
    const words = page.text.match(/\S+/g)?.length ?? 0
    const text = words <= 60 && words > 0 ? sentence(page.text) : `The text has ${sayCount(words, 'word')}.`
    return { data: { ...page, untrusted: true as const }, text }
  },
})
