import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../skill.ts'
import { openWatcher } from './fixture.ts'

const DOWN = new ActionError('It did not answer.')

test('a file is told of when what it says changes, and not when only its time does', async () => {
  const { disk, reads, begin, check, tell } = openWatcher()
  disk.set('/a', { text: 'one', modified: 1 })
  const id = await begin({ target: '/a' })
  assert.equal((await check(id)).text, undefined)
  assert.equal(reads.length, 1)
  disk.set('/a', { text: 'one', modified: 2 })
  assert.equal((await check(id)).text, undefined)
  disk.set('/a', { text: 'two', modified: 3 })
  assert.equal((await check(id)).text, 'a changed.')
  disk.set('/a', { text: 'three!', modified: 3 })
  assert.equal((await check(id)).text, 'a changed. It grew by 3 bytes.')
  assert.equal((await check(id)).text, undefined)
  assert.deepEqual((await tell('compare', { watch_id: id })).text, 'a changed. It grew by 3 bytes.')
})

test('a path that is not there yet, comes, becomes a folder and goes is told of each time', async () => {
  const { disk, check, tell } = openWatcher()
  const { data } = await tell('watch', { target: '~/a' })
  const id = String(data['watch_id'])
  assert.equal((await check(id)).text, 'There is nothing at /home/a yet; I will tell you when there is.')
  assert.equal((await tell('compare', { watch_id: id })).data['changed'], false)
  assert.equal((await check(id)).text, undefined)
  disk.set('/home/a', { text: '', modified: 1 })
  assert.equal((await check(id)).text, 'a is there now.')
  disk.set('/home/a', 'folder')
  assert.equal((await check(id)).text, 'a is a folder now.')
  disk.delete('/home/a')
  assert.equal((await check(id)).text, 'a is gone.')
  assert.equal((await check(id)).text, undefined)
})

test('a folder is told of by the names that came, went and changed, and not for what is deeper', async () => {
  const { disk, begin, check, tell } = openWatcher()
  disk.set('/in', 'folder').set('/in/sub', 'folder').set('/in/old', { text: 'x', modified: 1 })
  disk.set('/in/kept', { text: 'x', modified: 1 })
  const id = await begin({ target: '/in/' })
  disk.set('/in/sub/deep', { text: 'x', modified: 1 })
  assert.equal((await check(id)).text, undefined)
  disk.delete('/in/old')
  disk.set('/in/kept', { text: 'x', modified: 2 }).set('/in/__proto__', { text: '', modified: 1 })
  disk.set('/in/b', { text: '', modified: 1 })
  assert.equal((await check(id)).text, 'In in: __proto__ and b were added; old was removed; kept changed.')
  const { data } = await tell('compare', {})
  assert.deepEqual([data['added'], data['removed']], [['__proto__', 'b'], ['old']])
  assert.equal((await check(id)).text, undefined)
})

const rss = (...titles: string[]) =>
  `<rss version="2.0"><channel><title>x</title>${titles.map((t) => `<item><guid>${t}</guid><title>${t}</title></item>`).join('')}</channel></rss>`

test('a feed is told of by its new entries, each once, also when the feed was empty in between', async () => {
  const { web, begin, check } = openWatcher()
  const url = 'https://e.org/feed'
  web.pages.set(url, { body: rss('b', 'a'), headers: { etag: '"1"' } })
  const id = await begin({ target: 'e.org/feed' })
  web.pages.set(url, { status: 304 })
  assert.equal((await check(id)).text, undefined)
  assert.deepEqual(web.asked.at(-1)?.headers?.['if-none-match'], '"1"')
  web.pages.set(url, { body: rss('c', 'b', 'a') })
  assert.equal((await check(id)).text, 'A new entry in e.org/feed: "c".')
  web.pages.set(url, { body: rss() })
  assert.equal((await check(id)).text, undefined)
  web.pages.set(url, { body: rss('g', 'f', 'e', 'd', 'c', 'b') })
  assert.equal((await check(id)).text, '4 new entries in e.org/feed: "g", "f", "e" and 1 more.')
  assert.equal(web.asked.at(-1)?.headers?.['if-none-match'], undefined)
})

test('a feed with words to wait for is told of only for entries with them', async () => {
  const { web, begin, check } = openWatcher()
  web.pages.set('https://e.org/rss', { body: rss('a') })
  const id = await begin({ target: 'e.org/rss', contains: 'Bees' })
  web.pages.set('https://e.org/rss', { body: rss('wasps', 'more bees', 'a') })
  assert.equal((await check(id)).text, 'A new entry in e.org/rss: "more bees".')
})

test('a page is told of when its words change, and not for markup, scripts and spacing', async () => {
  const { web, begin, check } = openWatcher()
  const page = (body: string) => web.pages.set('https://e.org/', { body })
  page('<p>Open  at ten</p><script>1</script>')
  const id = await begin({ target: 'e.org' })
  page('<div class="x">Open at\nten</div><script>2</script>')
  assert.equal((await check(id)).text, undefined)
  page('<p>Open at nine</p>')
  assert.equal((await check(id)).text, 'e.org changed. It now says: "Open at nine".')
})

test('words that are waited for are told of when they appear and when they go, the first time too', async () => {
  const { web, begin, check, tell } = openWatcher()
  const page = (body: string) => web.pages.set('https://e.org/', { body })
  page('<p>sold out</p>')
  const id = await begin({ target: 'e.org', contains: 'On sale' })
  page('<p>still sold out</p>')
  assert.equal((await check(id)).text, undefined)
  page('<p>now <b>ON</b> sale</p>')
  assert.equal((await check(id)).text, 'e.org says "On sale".')
  page('<p>now on sale, really</p>')
  assert.equal((await check(id)).text, undefined)
  page('<p>over</p>')
  assert.equal((await check(id)).text, 'e.org no longer says "On sale".')
  const again = await begin({ target: 'e.org', contains: 'over' })
  assert.equal((await tell('compare', { watch_id: again })).text, 'e.org says "over".')
})

test('a port is told of when it opens and, as a warning, when it closes', async () => {
  const { web, begin, check } = openWatcher()
  web.ports.set('nas:22', true)
  const id = await begin({ target: 'nas:22' })
  web.ports.set('nas:22', false)
  const closed = await check(id)
  assert.deepEqual([closed.text, closed.severity], ['nas:22 is closed.', 'warning'])
  assert.equal((await check(id)).text, undefined)
  web.ports.set('nas:22', true)
  const opened = await check(id)
  assert.deepEqual([opened.text, opened.severity], ['nas:22 is open.', undefined])
})

test('of failures the third in a row is told, once, and then that it is over with what changed meanwhile', async () => {
  const { web, begin, check, tell } = openWatcher()
  web.pages.set('https://e.org/', { body: 'a' })
  const id = await begin({ target: 'e.org' })
  web.pages.set('https://e.org/', DOWN)
  const told = []
  for (let times = 0; times < 5; times += 1) told.push((await check(id)).text)
  const third = 'e.org could not be reached for 3 checks: It did not answer.'
  assert.deepEqual(told, [undefined, undefined, third, undefined, undefined])
  const [failing] = (await tell('list')).data['watches'] as { state: string; error: string }[]
  assert.deepEqual([failing?.state, failing?.error], ['failing', 'It did not answer.'])
  web.pages.set('https://e.org/', { body: 'b' })
  assert.equal((await check(id)).text, 'e.org can be reached again. e.org changed. It now says: "b".')
  web.pages.set('https://e.org/', { status: 503 })
  assert.equal((await check(id)).text, undefined)
  web.pages.set('https://e.org/', { body: 'b' })
  assert.equal((await check(id)).text, undefined)
})

test('a watch that never saw anything tells of its first failure at once, and the first sight is the baseline', async () => {
  const { web, can, due, check, tell } = openWatcher()
  web.pages.set('https://e.org/', DOWN)
  const { data } = await tell('watch', { target: 'e.org' })
  const id = String(data['watch_id'])
  const first = await check(id)
  assert.deepEqual(
    [first.text, first.severity],
    ['I cannot look at e.org: It did not answer. I keep trying.', 'warning'],
  )
  for (let times = 0; times < 3; times += 1) assert.equal((await check(id)).text, undefined)
  const waited = (due.get(id) ?? 0) - can.clock.now
  assert.ok(waited >= 300_000 * 16 && waited <= 300_000 * 16 * 1.1, String(waited))
  web.pages.set('https://e.org/', { body: 'a' })
  assert.equal((await check(id)).text, 'e.org can be reached again.')
})

test('what is nobody else’s to explain breaks the check off', async () => {
  const { web, begin, check } = openWatcher()
  web.pages.set('https://e.org/', { body: 'a' })
  const id = await begin({ target: 'e.org' })
  web.net.request = () => Promise.reject(new TypeError('broken'))
  await assert.rejects(check(id), TypeError)
})

test('what others write is told on one line, short and without signs that nobody sees', async () => {
  const { web, begin, check } = openWatcher()
  web.pages.set('https://e.org/rss', { body: rss() })
  const id = await begin({ target: 'e.org/rss' })
  web.pages.set('https://e.org/rss', { body: rss(`a\u202eb\u200b\n${'x'.repeat(400)}`) })
  const { text = '' } = await check(id)
  assert.match(text, /"ab x+…"\.$/)
  assert.ok(text.length < 160)
})
