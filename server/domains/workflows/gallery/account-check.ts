import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { HOUR_MS, MINUTE_MS, ONCE, at } from './entry.ts'
import { naming, short } from './phrases.ts'

const DAY_MS = 24 * HOUR_MS
const FOUND = 'steps.report.result.findings'
const EXPIRING = 'steps.expiring.result.credentials'

const credential =
  `${short('one.service_name')} + (one.expired ? ' has expired' : ' expires on ' + formatDate(one.expires_at, 'D MMMM YYYY'))` +
  ` + (one.renewed_by === undefined ? '' : ' and is renewed by itself')`
const credentials = `${EXPIRING}.length === 0 ? '' : '\\nCredentials: ' + ${naming(EXPIRING, credential, '; ')} + '.'`

export const account_check: GalleryEntry = {
  name: 'account_check',
  title: 'Check of your account',
  description:
    'Every Monday at nine: how safe your account is and what would make it safer, such as a missing passkey, few backup codes or too many sign-ins; and which stored credentials have expired or expire within 30 days, where you have said when they expire. You may want another day (trigger, cron), a longer time (step expiring, in seconds), or to hear only of what is critical (a condition of the step tell).',
  definition: {
    trigger: at('0 9 * * 1'),
    steps: [
      { id: 'report', agent_number: 9, action: 'security_report', parameters: {} },
      {
        id: 'expiring',
        agent_number: 9,
        action: 'expiring_credentials',
        parameters: { within_seconds: (30 * DAY_MS) / 1000 },
      },
      {
        id: 'tell',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `Your account has {{steps.report.result.score}} of 100 points{{${FOUND}.length === 0 ? (${EXPIRING}.length === 0 ? '; nothing could be safer.' : '.') : ':' + ${FOUND}.slice(0, 5).map(one => '\\n- ' + one.text + ' ' + one.advice).join('')}}{{${FOUND}.length > 5 ? '\\nAnd ' + (${FOUND}.length - 5) + ' more; ask: how safe is my account' : ''}}{{${credentials}}}`,
          severity: `{{${FOUND}.some(one => one.severity === 'critical') ? 'critical' : ${FOUND}.some(one => one.severity === 'warning') || ${EXPIRING}.some(one => one.expired) ? 'warning' : 'info'}}`,
        },
      },
    ],
    error_handling: { strategy: 'fail_fast', notification_on_error: true },
    timeout_ms: 5 * MINUTE_MS,
    retry_policy: ONCE,
  },
}
