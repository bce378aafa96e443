import type { Kernel } from '../../../kernel/kernel.ts'
import type { Agents } from '../../agents/index.ts'
import type { Notifications } from '../../notifications/index.ts'
import type { Plan } from '../definition.ts'
import type { Own } from '../own/index.ts'
import type { RunRow } from '../store.ts'
import type { Launcher } from './launcher.ts'
import type { Pace } from './pace.ts'
import type { Waiters } from '../../../kernel/waiters.ts'

/** What running workflows needs. */
export interface EngineParts {
  readonly kernel: Kernel
  readonly executions: Agents['executions']
  readonly notifications: Pick<Notifications, 'notify'>
  readonly own: Own
  readonly planOf: (version: number) => Plan
  readonly nameOf: (run: RunRow) => string
  readonly zoneOf: (user_id: string) => string
  readonly waiters: Waiters<RunRow>
  readonly pace: Pace
  /** The share by which a wait before another attempt is longer or shorter at most. */
  readonly retry_jitter: number
  /** Whether runs may go on beyond the step that they are at. */
  readonly isDraining: () => boolean
  readonly launch: Launcher
}
