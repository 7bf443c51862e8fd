import { formatToken, SCHEMAS, validateMember } from '@jifen/contracts';
import { ID_PATTERN } from '@jifen/kernel';
import {
  answered,
  PrincipalOf,
  ProblemError,
  RequireScope,
  UnparsedBody,
  type HostRequest,
  type Principal,
} from '@jifen/service-host';
import { Controller, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { parseJson } from '../application/read.ts';
import type { updateMember, UpdateMember } from '../application/update-member.ts';
import { UPDATE_MEMBER } from '../tokens.ts';
import { metaOf } from './request-meta.ts';

export type MemberUpdate = (command: UpdateMember) => ReturnType<typeof updateMember>;

export interface MemberAnswer {
  readonly member: string;
  /** Absent while the member has no facts. */
  readonly position?: string;
}

const ID = new RegExp(ID_PATTERN, 'u');

@ApiTags('ingestion')
@ApiBearerAuth()
@Controller('v1/members')
export class MemberController {
  constructor(@Inject(UPDATE_MEMBER) private readonly update: MemberUpdate) {}

  @Put(':member')
  @HttpCode(200)
  @RequireScope('member:write')
  @UnparsedBody()
  @ApiOperation({ summary: 'Link identities to a member and replace its facts' })
  @ApiBody({ schema: SCHEMAS.member as object })
  @ApiResponse({ status: 200, description: 'Durable; the same again changes nothing.' })
  async put(
    @Param('member') member: string,
    @Req() request: HostRequest,
    @PrincipalOf() { program }: Principal,
  ): Promise<MemberAnswer> {
    if (!ID.test(member)) {
      const errors = [{ pointer: '/member', message: 'is no member id' }];
      throw new ProblemError({ code: 'invalid_request', detail: 'the path names no member', errors });
    }
    const profile = validateMember(answered(parseJson(request.rawBody ?? '')));
    if (!profile.ok) {
      const detail = 'the profile breaks its schema';
      throw new ProblemError({ code: 'invalid_request', detail, errors: profile.violations });
    }
    const meta = metaOf(request.headers);
    const { place } = answered(await this.update({ program, member, profile: profile.value, meta }));
    if (place === undefined) return { member };
    const positions = new Map([[place.partition, place.position]]);
    return { member, position: formatToken({ log: 'activity', positions }) };
  }
}
