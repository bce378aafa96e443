import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTestApp } from '../test/app.ts'
import { openConnection } from '../server/kernel/store/connection.ts'
import { EXIT } from './exit.ts'
import { openDesk } from './fixture.ts'

/** The command line of somebody who has this data. */
function openCli(data_dir: string) {
  const desk = openDesk({})
  desk.environment['PAIOS_DATA_DIR'] = data_dir
  desk.environment['PAIOS_KEY_FILE'] = join(data_dir, 'root.key')
  const run = (argv: readonly string[]) =>
    desk.paios(argv, { piped: '' }).finally(() => rmSync(desk.folder, { recursive: true, force: true }))
  return { run }
}

/** The data of a server that has ended, and the command line on it. */
async function open(t: { after(work: () => Promise<void>): void }) {
  const server = await openTestApp()
  t.after(() => server.remove())
  const { token } = await server.claim()
  for (let call = 0; call < 5; call += 1) await server.call(token, 'auth.me', {})
  await server.app.kernel.audit.flush()
  const { data_dir } = server
  return { server, cli: openCli(data_dir), data_dir }
}

test('the audit is verified beside a server that runs, and a flipped byte is named with exit code 1', async (t) => {
  const { server, cli, data_dir } = await open(t)
  const whole = await cli.run(['audit', 'verify'])
  assert.match(whole.stdout, /^The audit holds: 6 lines/)
  assert.equal(whole.exit, EXIT.done)
  await server.close()
  const connection = openConnection(join(data_dir, 'paios.sqlite'), { synchronous: 'FULL' })
  connection.exec(`UPDATE audit SET ip = '127.0.0.2' WHERE seq = 4`)
  connection.close()
  const broken = await cli.run(['audit', 'verify', '--json'])
  assert.equal(broken.exit, EXIT.failed)
  const { problems } = JSON.parse(broken.stdout) as { problems: { seq: number }[] }
  assert.deepEqual(
    problems.map(({ seq }) => seq),
    [4],
  )
})

test('the newest lines are printed, all are exported, and nonsense is refused', async (t) => {
  const { cli } = await open(t)
  const tail = await cli.run(['audit', 'tail', '--limit', '2'])
  assert.match(tail.stdout, /^5 .* auth\.me {2}200 ok.*\n6 /)
  const exported = await cli.run(['audit', 'export', '--after', '4'])
  assert.deepEqual(
    exported.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq),
    [5, 6],
  )
  assert.equal((await cli.run(['audit', 'export', '--after', 'x'])).exit, EXIT.usage)
})

test('without data there is nothing to verify, and no data is made', async () => {
  const cli = openCli('/nonexistent/paios')
  const { exit, stderr } = await cli.run(['audit', 'verify'])
  assert.equal(exit, EXIT.failed)
  assert.match(stderr, /There is no data/)
})
