import { openOfflineAudit } from '../server/kernel/audit/offline.ts'
import type { OfflineAudit } from '../server/kernel/audit/offline.ts'
import { SettingError, readSettings } from '../server/kernel/settings.ts'
import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { oneLine } from './print.ts'

type Line = ReturnType<OfflineAudit['lines']>[number]

const PAGE = 1_000

/** Says whether any line of the audit was changed, left out or cut off. */
export function verifyAudit({ io }: Context): Promise<Answer> {
  return reading(io.environment, async (audit) => {
    const report = await audit.verify()
    const { ok, rows, sealed_rows, checkpoints, verified_to, last_seq, problems } = report
    const sealed = sealed_rows === 0 ? '' : `, ${sealed_rows} more are sealed and gone`
    const open =
      verified_to === last_seq
        ? ''
        : `\nWhether lines after ${verified_to} were cut off cannot be told: no checkpoint covers them yet.`
    const found = problems.map(({ what }) => `  ${oneLine(what)}`).join('\n')
    const text = ok
      ? `The audit holds: ${rows} lines, ${checkpoints} checkpoints${sealed}.${open}`
      : `The audit does not hold:\n${found}`
    return { data: report, text, exit: ok ? EXIT.done : EXIT.failed }
  })
}

/** The newest lines. */
export function tailAudit({ io }: Context, options: { limit?: string }): Promise<Answer> {
  const limit = readLimit(options.limit ?? '20')
  return reading(io.environment, (audit) => {
    const lines = audit.lines(undefined, limit)
    return Promise.resolve({ data: { lines }, text: lines.map(toText).join('\n') })
  })
}

/** Every line after a number, a JSON object each. */
export function exportAudit({ io }: Context, options: { after?: string }): Promise<Answer> {
  const after = Number(options.after ?? 0)
  if (!Number.isSafeInteger(after) || after < 0)
    throw new Stop(EXIT.usage, `--after is the number of a line, not ${JSON.stringify(options.after)}.`)
  return reading(io.environment, async (audit) => {
    let last = after
    for (;;) {
      const lines = audit.lines(last, PAGE)
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
      if (!io.stdout.write(text)) await new Promise((resolve) => io.stdout.once('drain', resolve))
      last = lines.at(-1)?.seq ?? last
      if (lines.length < PAGE) return { data: undefined, text: '' }
    }
  })
}

async function reading(
  environment: Context['io']['environment'],
  work: (audit: OfflineAudit) => Promise<Answer>,
): Promise<Answer> {
  const audit = openAudit(environment)
  try {
    return await work(audit)
  } finally {
    audit.close()
  }
}

function openAudit(environment: Context['io']['environment']): OfflineAudit {
  try {
    return openOfflineAudit(readSettings(environment))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const exit = error instanceof SettingError ? EXIT.usage : EXIT.failed
    throw new Stop(exit, error.message, { cause: error })
  }
}

function toText({
  seq,
  time,
  actor,
  transport,
  operation,
  target,
  status,
  outcome,
  duration_ms,
}: Line): string {
  const what = `${oneLine(operation)}${target === null ? '' : ` ${oneLine(target)}`}`
  const who = actor === null ? 'nobody' : actor.slice(-8)
  return `${seq}  ${time}  ${who}  ${transport}  ${what}  ${status} ${outcome}  ${duration_ms} ms`
}
