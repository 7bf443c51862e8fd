import { ID_PATTERN } from '@jifen/kernel';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class MemberParams {
  @Matches(new RegExp(ID_PATTERN))
  readonly member!: string;
}

export class AfterQuery {
  @ApiPropertyOptional({
    description: 'A token that a write answered with: the read waits until it is included, 504 after five seconds',
    example: 'activity:3-1234',
  })
  @IsOptional()
  @IsString()
  @MaxLength(4_096)
  readonly after?: string;
}
