import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHttp } from '../../../transports/http.ts'
import { operations } from '../../../../contract/index.ts'
import { openCanary } from '../../egress/rig.ts'
import { openGallery } from './rig.ts'

const DUE = '2026-11-22T12:00+01:00'

/** A visitor whose workflow asks a server that answers so. */
async function open(
  t: Parameters<typeof openGallery>[0] & Parameters<typeof openCanary>[0],
  body: () => string,
) {
  const canary = await openCanary(t, (_request, response) => void response.end(body()))
  const host = `127.0.0.1:${canary.port}`
  const visitor = await openGallery(t, { egress_lan: [host] })
  const id = await visitor.add('disk_watch', ({ steps: [health] }) => {
    if (health !== undefined) health.parameters['url'] = `http://${host}/api/system/health`
  })
  return { ...visitor, id, canary }
}

test('a server that is well is passed over, and trouble is told as severely as it is', async (t) => {
  let status = 'healthy'
  const { id, canary, fires, start } = await open(t, () =>
    JSON.stringify({ success: true, data: { status } }),
  )
  const first = await fires(id, DUE)
  assert.deepEqual([first.status, first.told], ['completed', []])
  assert.equal(canary.requests[0]?.url, '/api/system/health')
  status = 'degraded'
  assert.deepEqual((await start(id)).told, [
    'warning: Your server is degraded: its disk or its memory is 95 % full or more. Look at it with: paios status',
  ])
  status = 'unhealthy'
  assert.deepEqual((await start(id)).told, [
    'critical: Your server cannot write any more: its disk is nearly full. Make room.',
  ])
  assert.deepEqual((await fires(id, '2026-11-22T18:00+01:00')).told.length, 1)
})

test('what is no such answer is told, and the run has done what it could', async (t) => {
  let body = '<html>'
  const { id, start } = await open(t, () => body)
  for (body of ['<html>', '', '{}', '{"data":null}']) {
    const { status, told } = await start(id)
    assert.equal(status, 'completed', body)
    assert.match(
      told.join('|'),
      /^warning: How your server is could not be found out\. [A-Z]\S+ [^|]+$/,
      body,
    )
  }
})

test('as it comes, it says which setting it needs', async (t) => {
  const { add, start } = await openGallery(t)
  const { status, told } = await start(await add('disk_watch'))
  assert.deepEqual(
    [status, told],
    [
      'completed',
      [
        'warning: How your server is could not be found out. localhost is not a public address: the operator would list localhost:3001 in PAIOS_EGRESS_LAN. Where your server has another port than 3001, put that into the step health first.',
      ],
    ],
  )
})

test('once another port stands in it, it says that one, and nothing of any other', async (t) => {
  const { add, start } = await openGallery(t)
  const id = await add('disk_watch', ({ steps: [health] }) => {
    if (health !== undefined) health.parameters['url'] = 'http://localhost:4001/api/system/health'
  })
  assert.match((await start(id)).told.join('|'), /would list localhost:4001 in PAIOS_EGRESS_LAN\.$/)
})

test('it reads what this server really answers', async (t) => {
  const visitor = await openGallery(t)
  const { dispatch, kernel } = visitor.app
  const http = await openHttp({ dispatch, operations, settings: kernel.settings, log: kernel.log })
  const url = new URL(await http.listen())
  t.after(() => http.close(0))
  const answer = await (await fetch(`${url.origin}/api/system/health`)).json()
  assert.match(
    String((answer as { data: { status: unknown } }).data.status),
    /^(?:healthy|degraded|unhealthy)$/,
  )
})
