import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { MINUTE_MS, ONCE, at } from './entry.ts'

const FOUND = 'steps.report.result.findings'

export const account_check: GalleryEntry = {
  name: 'account_check',
  title: 'Check of your account',
  description:
    'Every Monday at nine: how safe your account is and what would make it safer, such as a missing passkey, few backup codes or too many sign-ins. It does not know when credentials expire: that comes with the vault, and needs their dates of expiry there. You may want another day (trigger, cron), or to hear only of what is critical (a condition of the step tell).',
  definition: {
    trigger: at('0 9 * * 1'),
    steps: [
      { id: 'report', agent_number: 9, action: 'security_report', parameters: {} },
      {
        id: 'tell',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `Your account has {{steps.report.result.score}} of 100 points{{${FOUND}.length === 0 ? '; nothing could be safer.' : ':' + ${FOUND}.slice(0, 5).map(one => '\\n- ' + one.text + ' ' + one.advice).join('')}}{{${FOUND}.length > 5 ? '\\nAnd ' + (${FOUND}.length - 5) + ' more; ask: how safe is my account' : ''}}`,
          severity: `{{${FOUND}.some(one => one.severity === 'critical') ? 'critical' : ${FOUND}.some(one => one.severity === 'warning') ? 'warning' : 'info'}}`,
        },
      },
    ],
    error_handling: { strategy: 'fail_fast', notification_on_error: true },
    timeout_ms: 5 * MINUTE_MS,
    retry_policy: ONCE,
  },
}
