import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { Stop } from '../exit.ts'
import { processIo } from '../io.ts'
import { installSpeech } from './install.ts'
import { installedIn, thisMachine } from './machine.ts'
import type { Machine } from './machine.ts'

const INSTALL = 'install --yes --no-install-recommends libpocketsphinx3 pocketsphinx-en-us'

/** A system of an administrator who types this, and whose installer ends like this, once after the other. */
function machine(ends: number[], given: Partial<Machine> & { has?: string[]; typed?: string } = {}) {
  const { has = [], typed, ...changes } = given
  const ran: string[] = []
  const shown: string[] = []
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => {} })
  const stderr = new PassThrough().on('data', (chunk: Buffer) => {
    shown.push(chunk.toString())
    if (chunk.toString().includes('Type yes: ')) setImmediate(() => stdin.write(`${typed}\r`))
  })
  const self: Machine = {
    installer: '/usr/bin/apt-get',
    isAdministrator: true,
    installed: () => new Set(has),
    run: (words) => {
      ran.push(words.join(' '))
      return Promise.resolve(ends[ran.length - 1] ?? 0)
    },
    ...changes,
  }
  const context = { io: { ...processIo(), stdin, stderr }, interactive: typed !== undefined }
  const install = (options: Parameters<typeof installSpeech>[1]) => installSpeech(context, options, self)
  return { ran, shown: () => shown.join(''), install }
}

test('what is missing is installed after a yes, and what will be run is shown before', async () => {
  const { install, ran, shown } = machine([], { has: ['libpocketsphinx3'], typed: 'yes' })
  const { text, data } = await install({ languages: true })
  assert.deepEqual(ran, ['install --yes --no-install-recommends pocketsphinx-en-us espeak-ng'])
  assert.match(shown(), /^apt-get install --yes --no-install-recommends pocketsphinx-en-us espeak-ng\n/)
  assert.deepEqual(data, { installed: ['pocketsphinx-en-us', 'espeak-ng'] })
  assert.match(
    text,
    /^Installed: pocketsphinx-en-us, espeak-ng\. A server that runs notices it within a minute\.$/,
  )
  const given = machine([])
  assert.match((await given.install({ yes: true })).text, /within a minute\.$/)
  assert.deepEqual(given.ran, [INSTALL])
})

test('nothing is run without consent: not after a no, not with nobody to ask, not for who is no administrator', async () => {
  for (const typed of ['no', '', 'y']) {
    const asked = machine([], { typed })
    await assert.rejects(asked.install({}), /Cancelled/)
    assert.deepEqual(asked.ran, [])
  }
  const script = machine([])
  await assert.rejects(script.install({}), /nobody to ask: give --yes/)
  const user = machine([], { isAdministrator: false, typed: 'yes' })
  const { text, exit, data } = await user.install({ yes: true, languages: true })
  const command = 'sudo apt-get install libpocketsphinx3 pocketsphinx-en-us espeak-ng'
  assert.equal(text, `Only an administrator may install it. Run this yourself:\n  ${command}`)
  assert.equal(exit, 1)
  assert.equal((data as { command: string }).command, command)
  assert.deepEqual([...script.ran, ...user.ran], [])
})

test('the lists of packages are read anew only when they do not do, and what fails then is told', async () => {
  const stale = machine([100, 0, 0])
  await stale.install({ yes: true })
  assert.deepEqual(stale.ran, [INSTALL, 'update', INSTALL])
  const offline = machine([100, 100])
  await assert.rejects(
    offline.install({ yes: true }),
    /could not install libpocketsphinx3, pocketsphinx-en-us/,
  )
  assert.deepEqual(offline.ran, [INSTALL, 'update'])
  await assert.rejects(machine([100, 0, 100]).install({ yes: true }), Stop)
})

test('where all is there or no apt-get is, it says so and runs nothing', async () => {
  const ready = machine([], { has: ['libpocketsphinx3', 'pocketsphinx-en-us'] })
  assert.match((await ready.install({})).text, /^It is here already: libpocketsphinx3, pocketsphinx-en-us\.$/)
  const other = machine([], { installer: undefined })
  await assert.rejects(other.install({ yes: true }), /no apt-get\. .*whisper\.cpp.*docs\/guide\/voice\.md/)
  assert.deepEqual([...ready.ran, ...other.ran], [])
})

test('only what dpkg calls installed counts: not what was removed, half done or mentioned', () => {
  const status = [
    'Package: here\nStatus: install ok installed\nDepends: mentioned\n',
    'Package: held\nStatus: hold ok installed\n',
    'Package: removed\nStatus: deinstall ok config-files\n',
    'Package: broken\nStatus: install ok half-installed\nDescription: x\n Package: inside\n',
  ].join('\n')
  assert.deepEqual(installedIn(status), new Set(['here', 'held']))
  assert.deepEqual(installedIn(''), new Set())
})

test(
  'the installer of the machine is run as it is, prints to standard error alone and says how it ended',
  { skip: !existsSync('/usr/bin/apt-get') && 'this system has no apt-get' },
  async () => {
    const stderr = new PassThrough()
    const { run } = thisMachine({ stderr, environment: { PATH: '/nowhere' } })
    assert.equal(await run(['--version']), 0)
    assert.match(String(stderr.read()), /^apt \d/)
    assert.notEqual(await run(['no-such; true']), 0)
  },
)
