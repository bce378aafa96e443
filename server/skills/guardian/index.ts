import type { Skill } from '../skill.ts'
import { audit_query } from './audit-query.ts'
import { backup, verify_backup } from './backup.ts'
import { list_backups, restore_backup } from './backups.ts'
import { list_credentials, manage_credentials } from './credentials.ts'
import { expiring_credentials } from './expiring-credentials.ts'
import { integrity } from './integrity.ts'
import { security_report } from './security-report.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

export const guardian: Skill = {
  name: 'guardian',
  agent: {
    number: 9,
    name: 'Guardian',
    description: 'Watches over your account and over what is stored.',
  },
  needs: ['clock', 'guard', 'credentials', 'backups'],
  phrases: { de: german, es: spanish },
  actions: {
    audit_query,
    expiring_credentials,
    list_credentials,
    manage_credentials,
    backup,
    verify_backup,
    list_backups,
    restore_backup,
    integrity,
    security_report,
  },
}
