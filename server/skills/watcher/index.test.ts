import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../skill.ts'
import { openWatcher } from './fixture.ts'
import { watcher } from './index.ts'
import { WATCHES } from './record.ts'

test('a watch is kept with what was not said filled in, and is due at once', async () => {
  const { can, due, tell } = openWatcher()
  can.clock.now = Date.UTC(2026, 10, 22, 10)
  const { data, text } = await tell('watch', { target: '~/report.pdf' })
  const watch_id = String(data['watch_id'])
  assert.equal(data['next_check'], '2026-11-22T10:00:00.000Z')
  assert.equal(text, 'I am watching report.pdf and look every minute.')
  assert.equal(due.get(watch_id), can.clock.now)
  assert.deepEqual((await tell('list')).data['watches'], [
    {
      watch_id,
      kind: 'path',
      target: '/home/report.pdf',
      label: 'report.pdf',
      every_seconds: 60,
      state: 'new',
    },
  ])
  const said = await tell('watch', {
    target: 'e.org',
    every_seconds: 5_400,
    label: ' prices ',
    contains: 'sale',
  })
  assert.equal(said.text, 'I am watching prices for "sale" and look every 1 hour and 30 minutes.')
})

test('bad targets, files of others and words in files are refused, and nothing is kept', async () => {
  const { can, due, tell } = openWatcher()
  for (const parameters of [
    { target: 'the kettle' },
    { target: '/etc/passwd' },
    { target: '/a', contains: 'x' },
    { target: 'nas:22', contains: 'x' },
    { target: 'nas:99999' },
    { target: '/a', kind: 'url' },
  ])
    await assert.rejects(tell('watch', parameters), ActionError, JSON.stringify(parameters))
  for (const every_seconds of [9, 0, -1, 604_801, 1.5])
    await assert.rejects(tell('watch', { target: 'e.org', every_seconds }), TypeError)
  assert.deepEqual([await can.records.list(WATCHES), due.size], [[], 0])
})

test('watching the same again changes only what is said, and other words are another watch', async () => {
  const { can, due, begin, tell } = openWatcher()
  const first = await begin({ target: 'nas:22', label: 'disk', every_seconds: 30 })
  can.clock.now = 5_000
  const again = await tell('watch', { target: 'NAS:22', every_seconds: 40 })
  assert.equal(again.data['watch_id'], first)
  assert.equal(due.get(first), 5_000)
  const [kept] = (await tell('list')).data['watches'] as { label: string; every_seconds: number }[]
  assert.deepEqual([kept?.label, kept?.every_seconds], ['disk', 40])
  await tell('watch', { target: 'e.org' })
  await tell('watch', { target: 'e.org', contains: 'sale' })
  assert.equal(((await tell('list')).data['watches'] as unknown[]).length, 3)
})

test('two hundred things can be watched and no more', async () => {
  const { tell } = openWatcher()
  for (let port = 1; port <= 200; port += 1) await tell('watch', { target: `nas:${port}` })
  await assert.rejects(tell('watch', { target: 'nas:201' }), /200 things/)
  await tell('watch', { target: 'nas:7', every_seconds: 20 })
})

test('a watch ends by id, by name, or when it is the only one, with all that was known of it', async () => {
  const { can, due, begin, tell } = openWatcher()
  const id = await begin({ target: 'nas:22' })
  const other = await begin({ target: 'https://www.example.org/jobs', label: 'job page' })
  await assert.rejects(tell('unwatch'), /Which one: nas:22 or job page/)
  await assert.rejects(tell('unwatch', { label: 'the kettle' }), /do not watch anything like/)
  await assert.rejects(tell('unwatch', { watch_id: 'unknown' }), /no watch unknown/)
  const { data, text } = await tell('unwatch', { label: 'the job page' })
  assert.equal(text, 'I no longer watch job page.')
  assert.equal((data['removed'] as { watch_id: string }[])[0]?.watch_id, other)
  assert.equal((await tell('unwatch')).text, 'I no longer watch nas:22.')
  assert.deepEqual([due.has(id), due.has(other), await can.records.list('watch_state')], [false, false, []])
  await assert.rejects(tell('unwatch'), /Nothing is watched/)
})

test('ending several asks first, and naming one by its address means that one', async () => {
  const { begin, can } = openWatcher()
  const confirm = (parameters: Record<string, unknown>) =>
    watcher.actions['unwatch']?.confirm?.(can, parameters)
  assert.equal(await confirm({ label: 'page' }), undefined)
  await begin({ target: 'https://e.org/a' })
  await begin({ target: 'https://e.org/b' })
  assert.equal(await confirm({ label: 'page' }), 'That ends 2 watches: e.org/a and e.org/b. Shall I?')
  assert.equal(await confirm({ label: 'https://e.org/a' }), undefined)
  assert.equal(await confirm({ label: 'e.org/b' }), undefined)
})

test('what is watched is listed with how it is', async () => {
  const { web, begin, tell } = openWatcher()
  assert.equal((await tell('list')).text, 'Nothing is watched.')
  web.ports.set('nas:22', true)
  await begin({ target: 'nas:22' })
  await begin({ target: 'e.org' })
  const { data, text } = await tell('list')
  const [port, page] = data['watches'] as Record<string, unknown>[]
  assert.equal(text, 'I am watching nas:22 and e.org. I cannot reach e.org.')
  assert.deepEqual([port?.['state'], port?.['last_checked']], ['watching', '1970-01-01T00:00:00.000Z'])
  assert.deepEqual([page?.['state'], page?.['error']], ['failing', 'https://e.org/ is not known.'])
})

test('two texts are compared by their lines, and one alone is not', async () => {
  const { tell } = openWatcher()
  const { data, text } = await tell('compare', { before: 'a\nb', after: 'a\nc' })
  assert.deepEqual([data, text], [{ changed: true, added: ['c'], removed: ['b'] }, '"b" became "c".'])
  assert.equal((await tell('compare', { before: 'a', after: 'a' })).data['changed'], false)
  assert.equal(
    (await tell('compare', { before: 'a b', after: 'a b ' })).text,
    'Only the order or the spacing changed.',
  )
  await assert.rejects(tell('compare', { before: 'a' }), /both texts/)
  await assert.rejects(tell('compare', {}), /Nothing is watched/)
})
