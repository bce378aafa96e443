import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../skill.ts'
import { readFeed } from './parse-feed.ts'

const RSS = `<?xml version="1.0"?><rss version="2.0"><channel><title>News &amp; more</title>
<item><guid>7</guid><title>One &lt;b&gt;bold&lt;/b&gt;</title><link> https://e.org/1 </link>
<pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate><description><![CDATA[<p>Hello  <i>you</i></p>]]></description></item>
<item><title>Two</title></item></channel></rss>`
const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">Log</title><entry><id>urn:1</id><title>First</title>
<link rel="self" href="https://e.org/self"/><link rel="alternate" href="https://e.org/a"/><updated>2026-11-22T10:00:00Z</updated>
<content type="html">&lt;b&gt;Body&lt;/b&gt;</content></entry></feed>`
const RDF = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Old</title></channel><item><title>Item</title><link>https://e.org/r</link><dc:date>2026-11-22</dc:date></item></rdf:RDF>`
const JSON_FEED = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'J',
  items: [{ id: '1', url: 'https://e.org/j', content_html: '<p>Only text</p>' }],
})

test('RSS, Atom, RDF and JSON feeds say the same things in the same way', async () => {
  assert.deepEqual(await readFeed(RSS), {
    title: 'News & more',
    entries: [
      {
        id: '7',
        title: 'One bold',
        link: 'https://e.org/1',
        published: '2026-11-22T10:00:00.000Z',
        summary: 'Hello you',
      },
      { id: 'Two', title: 'Two' },
    ],
  })
  const [entry] = (await readFeed(ATOM)).entries
  assert.deepEqual(entry, {
    id: 'urn:1',
    title: 'First',
    link: 'https://e.org/a',
    published: '2026-11-22T10:00:00Z',
    summary: 'Body',
  })
  assert.deepEqual((await readFeed(RDF)).entries, [
    { id: 'https://e.org/r', title: 'Item', link: 'https://e.org/r', published: '2026-11-22' },
  ])
  assert.deepEqual((await readFeed(JSON_FEED)).entries, [
    { id: '1', title: 'Only text', link: 'https://e.org/j', summary: 'Only text' },
  ])
})

test('what is no feed is refused', async () => {
  for (const text of [
    'hello',
    '<html><body>x</body></html>',
    '{"a":1}',
    '[]',
    '<rss',
    '\0',
    '<rss><channel>',
  ])
    await assert.rejects(readFeed(text), ActionError, text)
})

test('a feed cannot grow by entities of its own', async () => {
  const bomb = `<!DOCTYPE x [<!entity a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>${RSS}`
  await assert.rejects(readFeed(bomb), /entities/)
})

test('entries and their texts are bounded', async () => {
  const item = `<item><title>${'t'.repeat(5_000)}</title><description>${'<'.repeat(50_000)}</description></item>`
  const { entries } = await readFeed(
    `<rss version="2.0"><channel><title>x</title>${item.repeat(15)}</channel></rss>`.replaceAll(
      '<'.repeat(50_000),
      '&lt;'.repeat(20_000),
    ),
  )
  assert.equal(entries.length, 15)
  assert.equal(entries[0]?.title.length, 500)
  assert.ok((entries[0]?.summary?.length ?? 0) <= 1_000)
  const many = `<rss version="2.0"><channel><title>x</title>${'<item><title>a</title></item>'.repeat(300)}</channel></rss>`
  assert.equal((await readFeed(many)).entries.length, 200)
})
