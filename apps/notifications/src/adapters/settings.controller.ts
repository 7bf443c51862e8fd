import { answered, PrincipalOf, ProblemError, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, Get, Headers, Inject, Put, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Settings } from '@jifen/notifications';
import { readSettings, saveSettings, type SettingsParts } from '../application/manage-settings.ts';
import type { KeptSettings } from '../application/message-ports.ts';
import type { Queryable } from './queryable.ts';
import { SettingsDto, settingsOf } from './settings.dto.ts';

export const SETTINGS = Symbol('SETTINGS');

interface Reply {
  header(name: string, value: string): unknown;
}

export type SettingsView = Settings &
  Pick<KeptSettings, 'revision'> &
  Partial<Pick<KeptSettings, 'changedBy' | 'changedAt'>>;

const viewOf = ({ settings, revision, changedBy, changedAt }: KeptSettings): SettingsView => ({
  ...settings,
  revision,
  ...(revision === 0 ? {} : { changedBy, changedAt }),
});

const REVISION = /^(?:W\/)?"(\d{1,9})"$/;

function revisionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const text = REVISION.exec(ifMatch)?.[1];
  if (text !== undefined) return Number(text);
  throw new ProblemError({ code: 'invalid_request', detail: 'If-Match must be the ETag of the settings, e.g. "3"' });
}

@ApiTags('notifications')
@Controller('v1/notifications/settings')
export class SettingsController {
  constructor(@Inject(SETTINGS) private readonly parts: SettingsParts<Queryable>) {}

  @Get()
  @RequireScope('notification:read')
  @ApiOperation({ summary: 'What members are told of, and how; the ETag is the revision for If-Match' })
  async read(@PrincipalOf() { program }: Principal, @Res({ passthrough: true }) reply: Reply): Promise<SettingsView> {
    const kept = await readSettings(this.parts, program);
    reply.header('etag', `"${kept.revision}"`);
    return viewOf(kept);
  }

  @Put()
  @RequireScope('notification:write')
  @ApiOperation({ summary: 'Replace the settings; they hold at once' })
  @ApiHeader({ name: 'if-match', required: false, description: 'ETag of the settings as they were read' })
  async save(
    @PrincipalOf() { program, keyName }: Principal,
    @Body() body: SettingsDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SettingsView> {
    const change = { program, settings: settingsOf(body), revision: revisionOf(ifMatch), by: keyName };
    const kept = answered(await saveSettings(this.parts, change));
    reply.header('etag', `"${kept.revision}"`);
    return viewOf(kept);
  }
}
