import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { WorkflowDefinition } from '../../../../contract/workflows.ts'
import { openCanary } from '../../egress/rig.ts'
import { openGallery } from './rig.ts'

const item = (title: string, date?: string): string =>
  `<item><title>${title}</title>${date === undefined ? '' : `<pubDate>${date}</pubDate>`}</item>`
const rss = (title: string, ...items: string[]): string =>
  `<rss version="2.0"><channel><title>${title}</title>${items.join('')}</channel></rss>`
const atom = (title: string, updated: string): string =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>Log</title><entry><id>1</id><title>${title}</title><updated>${updated}</updated></entry></feed>`

/** A visitor who may reach a server with these feeds, by path. */
async function open(t: TestContext, feeds: Record<string, string>) {
  const canary = await openCanary(t, ({ url = '' }, response) => {
    const feed = feeds[url]
    response.statusCode = feed === undefined ? 404 : 200
    response.end(feed ?? 'nothing here')
  })
  const host = `127.0.0.1:${canary.port}`
  const visitor = await openGallery(t, { egress_lan: [host] })
  const add = (...paths: string[]) =>
    visitor.add('feed_digest', (definition) =>
      put(
        definition,
        paths.map((path) => `http://${host}${path}`),
      ),
    )
  return { ...visitor, add, host }
}

function put({ steps }: WorkflowDefinition, addresses: string[]): void {
  for (const { id, parameters } of steps)
    if (id === 'feeds') parameters['value'] = { ...(parameters['value'] as object), addresses }
}

test('what was published since the evening before is told by feed, and nothing older or without a date', async (t) => {
  const { add, fires } = await open(t, {
    '/rss': rss(
      'News &amp; more',
      item('Bees', 'Sun, 22 Nov 2026 17:59:59 +0100'),
      item('Owls', 'Sat, 21 Nov 2026 18:00:01 +0100'),
      item('Ants', 'Sat, 21 Nov 2026 18:00:00 +0100'),
      item('Undated'),
    ),
    '/atom': atom('First', '2026-11-22T09:00:00Z'),
    '/old': atom('Old', '2026-11-20T09:00:00Z'),
  })
  const id = await add('/rss', '/old', '/atom')
  const { status, told, detail } = await fires(id, '2026-11-22T18:00+01:00')
  assert.equal(status, 'completed', detail.error ?? '')
  assert.deepEqual(told, ['info: New in your feeds since yesterday:\nNews & more: Bees; Owls\nLog: First'])
  const next = await fires(id, '2026-11-23T18:00+01:00')
  assert.deepEqual(next.told, ['info: Nothing is new in your feeds since yesterday.'])
})

test('a feed that cannot be read takes nothing from the others, and is told with its reason', async (t) => {
  const { add, start, host } = await open(t, {
    '/page': '<html></html>',
    '/atom': atom('First', '2026-11-22T09:00:00Z'),
  })
  const { status, told, detail } = await start(await add('/gone', '/atom', '/page'))
  assert.equal(status, 'failed')
  assert.deepEqual(told[0]?.split('\n'), [
    'info: New in your feeds since yesterday:',
    `http://${host}/gone could not be read: ${host} answered with status 404.`,
    'Log: First',
    `http://${host}/page could not be read: That is not a feed that I can read.`,
  ])
  assert.deepEqual(
    detail.steps.map(({ attempts }) => attempts),
    [1, 2, 1, 2, 1, 1],
  )
})

test('no feeds, empty ones, and none that can be read are each said as what they are', async (t) => {
  const { add, ask, start, host } = await open(t, { '/empty': rss('Empty') })
  const id = await add()
  assert.deepEqual((await start(id)).told, [
    'info: There are no feeds to read: put some into the step feeds.',
  ])
  const { definition } = await ask('workflows.get', { id })
  put(definition, [`http://${host}/empty`])
  await ask('workflows.update', { id, definition })
  assert.deepEqual((await start(id)).told, ['info: Nothing is new in your feeds since yesterday.'])
  put(definition, ['http://10.0.0.1/feed'])
  await ask('workflows.update', { id, definition })
  assert.deepEqual((await start(id)).told, [
    'info: None of your feeds could be read:\nhttp://10.0.0.1/feed could not be read: 10.0.0.1 is not a public address: the operator would list 10.0.0.1:80 in PAIOS_EGRESS_LAN.',
  ])
})

test('where nothing is new, that is said of the feeds alone that could be read', async (t) => {
  const { add, start, host } = await open(t, { '/empty': rss('Empty') })
  const { told } = await start(await add('/gone', '/empty'))
  assert.deepEqual(told, [
    `info: Nothing is new since yesterday in the feeds that could be read.\nhttp://${host}/gone could not be read: ${host} answered with status 404.`,
  ])
})

test('of two feeds with two hundred long entries each, five of each are named', async (t) => {
  const items = Array.from({ length: 200 }, (_, n) =>
    item(`${'語'.repeat(400)}${n}`, 'Sun, 22 Nov 2026 10:00:00 GMT'),
  )
  const feed = rss('語'.repeat(400), ...items)
  const { add, fires } = await open(t, { '/a': feed, '/b': feed })
  const { status, told, detail } = await fires(await add('/a', '/b'), '2026-11-22T18:00+01:00')
  assert.equal(status, 'completed', detail.error ?? '')
  const [, line = ''] = told[0]?.split('\n') ?? []
  assert.match(line, /^語{79}…: (?:語{79}…; ){4}語{79}… and 45 more$/)
})

test('a fourth feed is not forgotten silently', async (t) => {
  const { add, start } = await open(t, { '/empty': rss('Empty') })
  const { told } = await start(await add('/empty', '/empty', '/empty', '/gone'))
  assert.deepEqual(told, [
    'info: Nothing is new in your feeds since yesterday.\nOnly the first 3 of 4 feeds were read.',
  ])
})
