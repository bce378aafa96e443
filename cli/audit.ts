import { openOfflineAudit } from '../server/kernel/audit/offline.ts'
import type { OfflineAudit } from '../server/kernel/audit/offline.ts'
import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { onThisMachine } from './offline.ts'
import type { PassphraseOptions } from './passphrase.ts'
import { oneLine } from './print.ts'

type Line = ReturnType<OfflineAudit['lines']>[number]

const PAGE = 1_000

/** Says whether any line of the audit was changed, left out or cut off. */
export function verifyAudit(context: Context, options: PassphraseOptions): Promise<Answer> {
  return reading(context, options, async (audit) => {
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
export function tailAudit(
  context: Context,
  options: { limit?: string } & PassphraseOptions,
): Promise<Answer> {
  const limit = readLimit(options.limit ?? '20')
  return reading(context, options, (audit) => {
    const lines = audit.lines(undefined, limit)
    return Promise.resolve({ data: { lines }, text: lines.map(toText).join('\n') })
  })
}

/** Every line after a number, a JSON object each. */
export function exportAudit(
  context: Context,
  options: { after?: string } & PassphraseOptions,
): Promise<Answer> {
  const after = Number(options.after ?? 0)
  if (!Number.isSafeInteger(after) || after < 0)
    throw new Stop(EXIT.usage, `--after is the number of a line, not ${JSON.stringify(options.after)}.`)
  return reading(context, options, async (audit) => {
    let last = after
    for (;;) {
      const lines = audit.lines(last, PAGE)
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
      if (!context.io.stdout.write(text))
        await new Promise((resolve) => context.io.stdout.once('drain', resolve))
      last = lines.at(-1)?.seq ?? last
      if (lines.length < PAGE) return { data: undefined, text: '' }
    }
  })
}

async function reading(
  context: Context,
  options: PassphraseOptions,
  work: (audit: OfflineAudit) => Promise<Answer>,
): Promise<Answer> {
  const audit = await onThisMachine(context, openOfflineAudit, options)
  try {
    return await work(audit)
  } finally {
    audit.close()
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
