import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { WorkflowDefinition } from '../../../../contract/workflows.ts'
import { listen, openCanary } from '../../egress/rig.ts'
import { openGallery } from './rig.ts'

const DUE = '2026-11-23T07:00+01:00'

/** A visitor who may reach a server that answers by path, `/404` with that status and everything else well, and a port that nobody answers. */
async function open(t: TestContext) {
  const canary = await openCanary(t, (request, response) => {
    const path = request.url?.slice(1) ?? ''
    response.statusCode = /^\d{3}$/.test(path) ? Number(path) : 200
    response.end('hello')
  })
  const gone = createServer()
  const { port: closed } = await listen(t, gone)
  await new Promise((resolve) => gone.close(resolve))
  const lan = [`127.0.0.1:${canary.port}`, `127.0.0.1:${closed}`]
  const visitor = await openGallery(t, { egress_lan: lan })
  const add = (links: string[]) => visitor.add('link_checker', (definition) => put(definition, links))
  return { ...visitor, add, canary, up: `http://${lan[0]}`, down: `http://${lan[1]}` }
}

function put({ steps }: WorkflowDefinition, links: string[]): void {
  for (const { id, parameters } of steps) if (id === 'links') parameters['value'] = links
}

test('links that answer are counted, each asked once, and the places that are free are skipped', async (t) => {
  const { add, fires, canary, up } = await open(t)
  const id = await add([`${up}/a`, `${up}/b`, `${up}/299`])
  const { status, told, detail } = await fires(id, DUE)
  assert.deepEqual([status, told], ['completed', ['info: All 3 links answer.']])
  assert.deepEqual(canary.requests.map(({ url = '' }) => url).toSorted(), ['/299', '/a', '/b'])
  assert.deepEqual(
    detail.steps.filter((step) => step.status === 'skipped').map(({ step_id }) => step_id),
    ['link_4', 'link_5', 'link_6', 'bad'],
  )
})

test('a bad status and a port that is closed are told with their reason, the latter after another attempt', async (t) => {
  const { add, start, canary, up, down } = await open(t)
  const id = await add([`${up}/a`, `${up}/404`, `${down}/`, 'http://10.0.0.1/', 'no link'])
  const { status, told, detail } = await start(id)
  assert.equal(status, 'failed')
  const [text = ''] = told
  assert.equal(told.length, 1)
  assert.deepEqual(text.split('\n'), [
    'warning: 4 of 5 links did not answer well:',
    `${up}/404 (status 404)`,
    `${down}/ (${down.slice(7)} takes no connections.)`,
    'http://10.0.0.1/ (10.0.0.1 is not a public address: the operator would list 10.0.0.1:80 in PAIOS_EGRESS_LAN.)',
    'no link ("no link" is not an address of the web.)',
  ])
  assert.equal(detail.steps.find(({ step_id }) => step_id === 'link_3')?.attempts, 2)
  assert.deepEqual(canary.requests.map(({ method, url }) => `${method} ${url}`).toSorted(), [
    'GET /404',
    'HEAD /404',
    'HEAD /a',
  ])
})

test('one link is spoken of as one, and none is no link that answers', async (t) => {
  const { add, ask, start, up } = await open(t)
  const id = await add([`${up}/a`])
  const said = async (links: string[]) => {
    const { definition } = await ask('workflows.get', { id })
    put(definition, links)
    await ask('workflows.update', { id, definition })
    const { status, told } = await start(id)
    return [status, ...told]
  }
  assert.deepEqual(await said([`${up}/a`]), ['completed', 'info: Your link answers.'])
  assert.deepEqual(await said([`${up}/500`]), [
    'completed',
    `warning: Your link did not answer well:\n${up}/500 (status 500)`,
  ])
  assert.deepEqual(await said([]), [
    'completed',
    'info: There are no links to check: put some into the step links.',
  ])
})

test('six links are checked side by side, and a seventh is not forgotten silently', async (t) => {
  const { add, start, canary, up } = await open(t)
  const id = await add(Array.from({ length: 7 }, (_, index) => `${up}/${index}`))
  const { told } = await start(id)
  assert.equal(canary.requests.length, 6)
  assert.deepEqual(told, ['info: All 6 links answer.\nOnly the first 6 of 7 were checked.'])
})
