import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { SettingError, readSettings } from '../server/kernel/settings.ts'
import type { Settings } from '../server/kernel/settings.ts'
import type { Finding } from '../server/doctor/index.ts'
import type { Context } from './context.ts'
import { EXIT } from './exit.ts'
import type { Answer } from './exit.ts'
import type { Environment } from './io.ts'
import { keyPath, tokenPath } from './place.ts'
import { oneLine } from './print.ts'

const MARKS = { well: '  ok', note: 'note', problem: 'MEND' } as const

/** Names everything that is wrong with the server of this machine, and what to do about it. */
export async function examineServer({ io }: Context): Promise<Answer> {
  const settings = readChecked(io.environment)
  const findings =
    'check' in settings
      ? [settings]
      : [...(await examineWith(settings, io.now())), ...ownFiles(io.environment)]
  const problems = findings.filter(({ kind }) => kind === 'problem').length
  const lines = findings.map(({ kind, says, mend }) => {
    const todo = mend === undefined ? '' : `\n      ${oneLine(mend)}`
    return `${MARKS[kind]}  ${oneLine(says)}${todo}`
  })
  const sum =
    problems === 0
      ? 'All is well.'
      : problems === 1
        ? 'One thing is to be mended.'
        : `${problems} things are to be mended.`
  return {
    data: { ok: problems === 0, findings },
    text: [...lines, sum].join('\n'),
    exit: problems === 0 ? EXIT.done : EXIT.failed,
  }
}

function readChecked(environment: Environment): Settings | Finding {
  try {
    return readSettings(environment)
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    const mend = `Set ${error.setting} rightly, or leave it out; docs/guide/backup.md and the README name all settings.`
    return { check: 'settings', kind: 'problem', says: error.message, mend }
  }
}

/** What this command line keeps for itself. */
function ownFiles(environment: Environment): Finding[] {
  return [
    checkOwn('sign-ins', tokenPath(environment), 'Remove it, then sign in again: paios login'),
    checkOwn('passkeys', keyPath(environment), 'Give it to this user, or bring back a copy.'),
  ]
}

function checkOwn(check: string, path: string, mend: string): Finding {
  const kind = 'problem'
  const named = `The file of the ${check} of this command line, ${path},`
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return { check, kind: 'well', says: `There are no ${check} here yet.` }
  if (!found.isFile()) return { check, kind, says: `${named} is no file.`, mend }
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    return { check, kind, says: `${named} can be read by others.`, mend: `chmod 600 ${path}` }
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    JSON.parse(readFileSync(path, 'utf8'))
    return { check, kind: 'well', says: `The ${check} of this command line are private.` }
  } catch {
    return { check, kind, says: `${named} cannot be read.`, mend }
  }
}

async function examineWith(settings: Settings, now: number): Promise<Finding[]> {
  const { examine } = await import('../server/doctor/index.ts')
  const { readKnown } = await import('../server/offline.ts')
  const answers = await isAnswering(settings)
  return examine({
    settings,
    now,
    node: process.versions.node,
    resolve: (name) => import.meta.resolve(name),
    server: { answers, port: answers ? 'taken' : await probe(settings) },
    known: readKnown,
  })
}

/** Whether a server takes commands at the data folder. */
async function isAnswering({ data_dir }: Settings): Promise<boolean> {
  const { isControlled } = await import('../server/transports/control.ts')
  return isControlled(data_dir)
}

/** Whether somebody else has the port. */
function probe({ host, port }: Pick<Settings, 'host' | 'port'>): Promise<'free' | 'taken' | 'forbidden'> {
  const { promise, resolve } = Promise.withResolvers<'free' | 'taken' | 'forbidden'>()
  const server = createServer()
  server.once('error', ({ code }: NodeJS.ErrnoException) =>
    resolve(code === 'EADDRINUSE' ? 'taken' : 'forbidden'),
  )
  server.listen({ host, port, exclusive: true }, () => server.close(() => resolve('free')))
  return promise
}
