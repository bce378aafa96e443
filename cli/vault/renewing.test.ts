import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openCanary } from '../../server/domains/egress/rig.ts'
import { data, openOffice } from '../rig.ts'

const SECRET = 'sk-Zq7-first-secret'
const NEXT = 'sk-Zq7-second-secret'

const NOTHING = (): void => {}

/** A service that answers as the test says, and its credential; `waiting` hears each look at how it goes. */
async function open(
  t: TestContext,
  answer: (response: ServerResponse) => void,
  {
    waiting = () => {},
    fetch: reach = fetch,
  }: { waiting?: (interrupt: () => void) => void; fetch?: typeof fetch } = {},
) {
  const { port, requests } = await openCanary(t, (_request, response) => answer(response))
  const { sit, server } = await openOffice(t, { lan: [`127.0.0.1:${port}`] })
  let interrupt: () => void = NOTHING
  let passed_ms = 0
  const desk = await sit(undefined, {
    fetch: reach,
    now: () => server.clock.now() + passed_ms,
    after: (ms, work) => {
      passed_ms += ms
      waiting(interrupt)
      const next = setImmediate(work)
      return () => clearImmediate(next)
    },
    onInterrupt: (hear) => {
      interrupt = hear
      return () => {}
    },
  })
  await desk.paios(['passkey', 'add'])
  const say = async (argv: string[], piped = '') => {
    const { exit, stdout, stderr } = await desk.paios(['credentials', ...argv], { piped })
    return [exit, stdout + stderr] as const
  }
  await say(['add', 'one', '--stdin'], SECRET)
  const { credentials } = await data<{ credentials: { id: string }[] }>(desk, ['credentials', 'list'])
  const { id: credential_id = '' } = credentials[0] ?? {}
  const origin = `http://127.0.0.1:${port}`
  const actions = [{ name: 'rotate', method: 'POST', path: '/rotate' }]
  const rotation = { action: 'rotate', value: '/key', lifetime_days: 30 }
  const shop = { id: 'shop', name: 'Shop', type: 'http', base_url: origin, credential_id, actions, rotation }
  const set = await desk.paios(['integrations', 'add', '8', '-'], { piped: JSON.stringify(shop) })
  assert.equal(set.exit, 0, set.stderr)
  await say(['grant', 'one', '8', '--to', origin])
  return { server, desk, say, requests, rotate: () => say(['rotate', 'one', '--yes']) }
}

const gives = (response: ServerResponse) => void response.end(JSON.stringify({ key: NEXT }))

test('a renewal is waited for and succeeds only with another secret, whose former one can be brought back', async (t) => {
  const { say, rotate, requests } = await open(t, gives)
  assert.equal((await say(['rotate', 'one']))[0], 2)
  assert.equal(requests.length, 0)
  const [exit, text] = await rotate()
  assert.equal(exit, 0, text)
  assert.match(text, /^Shop gave one another secret\. It ends 20\d\d-.*paios credentials restore \w{8}\n/)
  assert.deepEqual([await say(['reveal', 'one']), requests.length], [[0, `${NEXT}\n`], 1])
  assert.match((await say(['show', 'one']))[1], /\nrenewal +went well, just now\n/)
  await say(['restore', 'one'])
  assert.deepEqual(await say(['reveal', 'one']), [0, `${SECRET}\n`])
})

test('a renewal that fails says why and is a failure, and so is one that nobody can do or that is of nothing', async (t) => {
  const { say, rotate } = await open(t, (response) => void response.writeHead(403).end())
  const [exit, text] = await rotate()
  assert.equal(exit, 1)
  assert.match(
    text,
    /paios: one was not given another secret: Shop answered with status 403\. The one that it has was kept\.\n$/,
  )
  assert.match(
    (await say(['show', 'one']))[1],
    /\nrenewal +failed, just now: Shop answered with status 403\.\n/,
  )
  assert.deepEqual(await say(['reveal', 'one']), [0, `${SECRET}\n`])
  await say(['add', 'two', '--stdin'], SECRET)
  const [alone, why] = await say(['rotate', 'two', '--yes'])
  assert.deepEqual([alone, /No service can give it another secret/.test(why)], [1, true])
  assert.equal((await say(['rotate', 'none', '--yes']))[0], 1)
})

test('Ctrl-C ends the waiting and not the renewal, which a second call joins and does not repeat', async (t) => {
  const held: ServerResponse[] = []
  let looks = 0
  const { say, rotate, requests } = await open(t, (response) => void held.push(response), {
    waiting: (interrupt) => {
      looks += 1
      if (looks === 3) interrupt()
      if (looks > 6) for (const response of held.splice(0)) gives(response)
    },
  })
  const [exit, text] = await rotate()
  assert.deepEqual([exit, looks], [1, 3])
  assert.match(text, /It is not known yet whether one was given another secret; the server goes on\. /)
  assert.match((await say(['show', 'one']))[1], /\nrenewal +under way\n/)
  const [again, joined] = await rotate()
  assert.equal(again, 0, joined)
  assert.match(joined, /Shop is being asked already for another secret for one\./)
  assert.deepEqual([await say(['reveal', 'one']), requests.length], [[0, `${NEXT}\n`], 1])
})

test('a server that is away for half a minute is waited for no longer, and one that is back before goes on', async (t) => {
  const away: { until: number } = { until: 0 }
  const held: ServerResponse[] = []
  let looks = 0
  const { rotate, say } = await open(t, (response) => void held.push(response), {
    waiting: () => {
      looks += 1
      if (looks > 20) for (const response of held.splice(0)) gives(response)
    },
    fetch: (url, how) =>
      looks >= 1 && looks < away.until ? Promise.reject(new TypeError('fetch failed')) : fetch(url, how),
  })
  away.until = 12
  const [exit, text] = await rotate()
  assert.deepEqual([exit, looks > 20], [0, true], text)
  looks = 0
  away.until = 1_000
  const [lost, why] = await rotate()
  assert.equal(lost, 5, why)
  assert.ok(looks >= 13 && looks <= 16, `${looks} looks`)
  away.until = 0
  assert.match((await say(['show', 'one']))[1], /one/)
})

test('the waiting has an end where the service has none', async (t) => {
  let looks = 0
  const { rotate } = await open(t, () => {}, { waiting: () => void (looks += 1) })
  const [exit, text] = await rotate()
  assert.equal(exit, 1)
  assert.ok(looks > 100 && looks <= 140, `${looks} looks`)
  assert.match(text, /the server goes on/)
})
