import { authMigrations } from './domains/auth/store.ts'
import { changeMigrations } from './domains/changes/store.ts'
import { settingsMigrations } from './domains/settings/index.ts'
import { approvalMigrations } from './domains/approvals/store.ts'
import { notificationMigrations } from './domains/notifications/index.ts'
import { vaultMigrations } from './domains/vault/store.ts'
import { memoryMigrations } from './domains/memory/store.ts'
import { agentMigrations } from './domains/agents/store.ts'
import { budgetMigrations } from './domains/agents/run/store.ts'
import { remoteMigrations } from './domains/agents/remote/store.ts'
import { trafficMigrations } from './domains/agents/traffic/store.ts'
import { workflowMigrations } from './domains/workflows/migrations.ts'
import { triggerMigrations } from './domains/workflows/triggers/store.ts'
import { architectureMigrations } from './domains/architecture/store.ts'
import { learntMigrations } from './domains/language/learnt/store.ts'
import { voiceMigrations } from './domains/voice/store.ts'
import { integrationMigrations } from './domains/integrations/store.ts'

/** The tables of all domains, in the order in which they are made. */
export const MIGRATIONS = [
  ...authMigrations,
  ...changeMigrations,
  ...settingsMigrations,
  ...approvalMigrations,
  ...notificationMigrations,
  ...vaultMigrations,
  ...memoryMigrations,
  ...agentMigrations,
  ...budgetMigrations,
  ...remoteMigrations,
  ...trafficMigrations,
  ...workflowMigrations,
  ...triggerMigrations,
  ...architectureMigrations,
  ...learntMigrations,
  ...voiceMigrations,
  ...integrationMigrations,
]
