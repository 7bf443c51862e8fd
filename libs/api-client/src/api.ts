// Generated from docs/reference/openapi.json.
export interface paths {
  readonly '/v1/orders': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Submit order snapshots */
    readonly post: operations['DoorsController_orders'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/order-refunds': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Submit refund notices for orders known or still to come */
    readonly post: operations['DoorsController_refunds'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/activities': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Submit activities */
    readonly post: operations['DoorsController_activities'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    /** Link identities to a member and replace its facts */
    readonly put: operations['MemberController_put'];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/standing': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Whether a member takes part */
    readonly get: operations['StandingController_read'];
    /** Deactivate, reactivate, anonymise or remove a member; the same again does nothing new */
    readonly put: operations['StandingController_change'];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rejected': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Records that were refused, oldest first */
    readonly get: operations['RejectedController_list'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rejected/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** A refused record with its bytes */
    readonly get: operations['RejectedController_one'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/waiting-refunds': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Refund notices whose order is not known yet, oldest first */
    readonly get: operations['RejectedController_waiting'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rejected/redrive': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Send refused records through the same way again, e.g. after an identity was linked */
    readonly post: operations['RejectedController_again'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The draft; its ETag is the revision for If-Match. Accept: application/yaml gives the document alone */
    readonly get: operations['ProgramController_draft'];
    /** Replaces the draft, valid or not, and tells what keeps it from being published */
    readonly put: operations['ProgramController_save'];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program/validate': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** What is wrong with a document, with pointers (and lines, of YAML); writes nothing */
    readonly post: operations['ProgramController_validate'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program/publish': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Makes the draft, or an older version again, the next version. Only the first version may hold from an instant that is past */
    readonly post: operations['ProgramController_publish'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program/diff': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What changed between two documents, by rule and as text. Accept: text/plain gives the text alone */
    readonly get: operations['ProgramController_diff'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program/versions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Published versions, newest first: who, when, and whether they are in force */
    readonly get: operations['ProgramController_versions'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program/versions/{version}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One published version with its document. Accept: application/yaml gives the document alone */
    readonly get: operations['ProgramController_version'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program/simulate': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** What an order or activity would earn, at whatever instant it names, under a document, the draft, a version or the one in force, with all rules or some; what it costs and changes; writes nothing */
    readonly post: operations['SimulateController_simulate'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program/simulations': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The latest simulations, newest first, without their reports */
    readonly get: operations['SimulationController_list'];
    readonly put?: never;
    /** Rates the history of all members, of a sample or of one, under a program and under the one in force, in the background; writes no rating */
    readonly post: operations['SimulationController_ask'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program/simulations/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** State and progress of a simulation, and its report when it is done */
    readonly get: operations['SimulationController_one'];
    readonly put?: never;
    readonly post?: never;
    /** Cancels a simulation; one that has ended stays as it is */
    readonly delete: operations['SimulationController_cancel'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/program/shadow': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** How the draft differs so far, by rule, by tier and for the members most affected */
    readonly get: operations['ShadowController_report'];
    /** Lets a draft run beside the version in force on live traffic; replaces the one that runs */
    readonly put: operations['ShadowController_start'];
    readonly post?: never;
    /** Stops the shadow and answers what it found */
    readonly delete: operations['ShadowController_stop'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/ratings': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The standing rating of each order and activity of a member, in order of source, kind and id */
    readonly get: operations['RatingController_ratings'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/progress': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** How far a member is on the way to targets, challenges, streaks and limits under the version in force: what was reached and what is missing, in English and Chinese */
    readonly get: operations['RatingController_progress'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/referral': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Who referred a member and what became of it: waiting, qualified, refused or lapsed, with the reason in English and Chinese; with after, once the referrer has been told, and its position for after of the referrer’s balance */
    readonly get: operations['RatingController_referral'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/awards/{awardId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Why an award is what it is: the rule, its version, the arithmetic, and what the other rules gave */
    readonly get: operations['RatingController_award'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/budgets': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What the budgets of the version in force at an instant have granted and have left in their windows then, by rule */
    readonly get: operations['BudgetController_budgets'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/approvals': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Awards that wait for approval, or those in another state; who is in it for longest comes first */
    readonly get: operations['ApprovalController_list'];
    readonly put?: never;
    /** Approves or rejects awards; the same decision again changes nothing. Refused ones are named by index */
    readonly post: operations['ApprovalController_decideMany'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/awards/{awardId}/decision': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Approves or rejects one award; the same decision again changes nothing */
    readonly post: operations['ApprovalController_decideOne'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/carts/preview': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** What a cart would earn if it were ordered now: by rule, with the reasons, and what is missing for more; for a member with its tier, limits and windows as they are, or for nobody in particular. Writes nothing and promises nothing */
    readonly post: operations['PreviewController_preview'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/balance': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** A member's points in every currency, now or as of another moment */
    readonly get: operations['LedgerController_balance'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/statement': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Every posting of a member, newest first, with the balance after it and in words */
    readonly get: operations['LedgerController_statement'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/lots': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** A member's lots in the order in which they will be spent, now or as of another moment */
    readonly get: operations['LedgerController_lots'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/balances': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The balances of all members by pages, all of one moment */
    readonly get: operations['BalancesController_balances'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/liability': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What the program owes its members: points, their value and the part expected to be redeemed, by age and expiry */
    readonly get: operations['LiabilityController_liability'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/liability.csv': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The same as CSV */
    readonly get: operations['LiabilityController_csv'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/redemption-quote': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** How many points an order may use, what they are worth, and what stays to pay */
    readonly get: operations['SpendingController_quote'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/redemptions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Spend points at once */
    readonly post: operations['SpendingController_redeem'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/holds': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Set points aside for a while */
    readonly post: operations['SpendingController_hold'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/holds/{id}/capture': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Spend what is held, or a part; the rest is released, or kept for another capture */
    readonly post: operations['SpendingController_capture'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/holds/{id}/release': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Let go of what is held */
    readonly post: operations['SpendingController_release'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/redemptions/{id}/reverse': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Give points of a redemption back to the lots that they came from */
    readonly post: operations['SpendingController_reverse'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/transfers': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Give points to another member, within the limits of the program */
    readonly post: operations['SpendingController_transfer'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/holds/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** A hold, as it stands now */
    readonly get: operations['SpendingController_readHold'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/redemptions/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** A redemption, with the lots that it took from and what came back */
    readonly get: operations['SpendingController_readRedemption'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/transfers/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** A transfer: on its way, received, or come back */
    readonly get: operations['SpendingController_readTransfer'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/adjustments': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Give or take points by hand */
    readonly post: operations['ByHandController_adjust'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/freeze': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Stop spending; earning goes on */
    readonly post: operations['ByHandController_freeze'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/unfreeze': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Allow spending again */
    readonly post: operations['ByHandController_unfreeze'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/expiry-extensions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Put off the expiry of open lots */
    readonly post: operations['ByHandController_extend'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/reinstatements': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Give expired points back to their lots */
    readonly post: operations['ByHandController_reinstate'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/merge': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Merge this member into another: all points, holds and debt go over, and whatever comes later */
    readonly post: operations['ByHandController_merge'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/unmerge': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Undo a merge into this member: what came with it goes back, as far as it is unspent */
    readonly post: operations['ByHandController_unmerge'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/imports/{import}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Opening balances of another system: each row once, by the name of the import and of the row, which are its key */
    readonly post: operations['ImportController_rows'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/tier': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Where a member stands, since when, and what is missing to the next tier */
    readonly get: operations['TierController_tier'];
    /** Give a member a tier, from now on: it stands on it, or higher where that was earned */
    readonly put: operations['AssignmentController_assign'];
    readonly post?: never;
    /** Take back what was given: the member stands on what it earned */
    readonly delete: operations['AssignmentController_takeBack'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/tiers': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The ladder in force */
    readonly get: operations['TierController_ladder'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/standings': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Where all members stand by pages, all of one moment */
    readonly get: operations['StandingsController_standings'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/webhooks': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The webhooks of the program */
    readonly get: operations['WebhookController_list'];
    readonly put?: never;
    /** Create a webhook; its secret is shown here and never again */
    readonly post: operations['WebhookController_create'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/webhooks/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** A webhook of the program */
    readonly get: operations['WebhookController_read'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/webhooks/{id}/rotate': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** A new secret; for a day the old one signs beside it */
    readonly post: operations['WebhookController_rotate'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/webhooks/{id}/disable': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Stop sending; what is queued waits */
    readonly post: operations['WebhookController_disable'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/webhooks/{id}/enable': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Send again, beginning with what is queued */
    readonly post: operations['WebhookController_enable'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/webhooks/{id}/deliveries': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What was sent and what came of it, newest first */
    readonly get: operations['WebhookController_deliveries'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/webhooks/{id}/deliveries/{delivery}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One delivery with the body that is sent */
    readonly get: operations['WebhookController_delivery'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/webhooks/{id}/replay': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Send again what was queued from an instant or a delivery on, in the order of each member, under the ids they had */
    readonly post: operations['WebhookController_replay'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/webhooks/{id}/resend': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Send deliveries again, under the ids they had */
    readonly post: operations['WebhookController_resend'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/inbox': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What the member was told, newest first */
    readonly get: operations['InboxController_list'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/inbox/read': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Mark as read what is there up to and with a message */
    readonly post: operations['InboxController_read'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/notifications/messages': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What was told, waits, was left out or is dead, and why; newest first */
    readonly get: operations['MessageController_list'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/notifications/messages/resend': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Send again what is dead or was left out */
    readonly post: operations['MessageController_resend'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/notifications/preview': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** What a member would read; nothing is sent */
    readonly post: operations['MessageController_preview'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/contact': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** How the member is reached */
    readonly get: operations['RecipientController_contact'];
    /** Replace how the member is reached */
    readonly put: operations['RecipientController_setContact'];
    readonly post?: never;
    /** Erase what is known of how the member is reached; the same again does nothing */
    readonly delete: operations['RecipientController_eraseContact'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/members/{member}/notification-preferences': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What the member wants to be told, and when */
    readonly get: operations['RecipientController_preferences'];
    /** Replace what the member wants; it holds at once, also for messages that wait */
    readonly put: operations['RecipientController_setPreferences'];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/notifications/settings': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What members are told of, and how; the ETag is the revision for If-Match */
    readonly get: operations['SettingsController_read'];
    /** Replace the settings; they hold at once */
    readonly put: operations['SettingsController_save'];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    readonly StandingBody: {
      /**
       * @description deactivated: takes no part until active again. anonymised: for good, nobody knows any more who it was, the points stay in the books. removed: anonymised, and the points are taken
       * @enum {string}
       */
      readonly standing: 'active' | 'deactivated' | 'anonymised' | 'removed';
      /** @enum {string} */
      readonly reason: 'request' | 'legal' | 'fraud' | 'dormant' | 'other';
      /**
       * @description Who decided it; kept for good, so no name of the member
       * @example li.wei
       */
      readonly actor: string;
    };
    readonly RedriveDto: {
      readonly ids?: readonly string[];
      readonly all?: boolean;
      /** @enum {string} */
      readonly kind?: 'order' | 'order-refund' | 'activity';
      readonly code?: string;
      readonly source?: string;
      readonly cursor?: string;
      readonly dryRun?: boolean;
    };
    readonly PublishBody: {
      /** Format: date-time */
      readonly effectiveFrom?: string;
      readonly version?: number;
    };
    readonly SimulateBody: {
      readonly order?: Record<string, never>;
      readonly activity?: Record<string, never>;
      readonly tier?: string;
      readonly document?: Record<string, never>;
      readonly draft?: boolean;
      readonly version?: number;
      readonly rules?: readonly string[];
    };
    readonly SimulationBody: {
      readonly candidate?: string;
      readonly document?: Record<string, never>;
      readonly baseline?: string;
      readonly days?: number;
      readonly percent?: number;
      readonly member?: string;
    };
    readonly ShadowBody: {
      readonly candidate?: string;
      readonly document?: Record<string, never>;
      readonly percent?: number;
    };
    readonly RulingsBody: {
      readonly decisions: readonly unknown[];
    };
    readonly RulingBody: {
      /** @enum {string} */
      readonly verdict: 'approve' | 'reject';
      /** @description approve: up to how many points of the award are approved from now on, in smallest units. reject: how many were approved before and stay so; 0 when absent */
      readonly points?: number;
      /**
       * @description Who decided it: a person or a system
       * @example reviewer-7
       */
      readonly actor: string;
      /** @description Required with reject */
      readonly reason?: string;
    };
    readonly CartPreviewBody: {
      /**
       * @description As in an order, before there is one: currency and lines, and if known shipping, orderDiscount, payments, pricesIncludeTax, channel, store, source and attributes
       * @example {
       *       "currency": "CNY",
       *       "lines": [
       *         {
       *           "lineId": "1",
       *           "sku": "TEA",
       *           "quantity": 1,
       *           "amount": "129.90"
       *         }
       *       ]
       *     }
       */
      readonly cart: {
        readonly [key: string]: unknown;
      };
      readonly member?: string;
      /** Format: date-time */
      readonly at?: string;
    };
    readonly OrderPart: {
      /**
       * @description What is to be paid, in major units of the money currency of the program
       * @example 129.90
       */
      readonly amount: string;
      /** @description ISO 4217; must be that of the program */
      readonly currency?: string;
    };
    readonly SpendBody: {
      /**
       * @description The program's first redeemable currency when absent
       * @example points
       */
      readonly currency?: string;
      /** @description How many points; when absent, as many as the order may use and the member has */
      readonly points?: number;
      /** @description The order that the points pay a part of */
      readonly order?: components['schemas']['OrderPart'];
      /**
       * @description What it is for: an order or a reward
       * @example shop:A-1001
       */
      readonly reference?: string;
    };
    readonly HoldBody: {
      /**
       * @description The program's first redeemable currency when absent
       * @example points
       */
      readonly currency?: string;
      /** @description How many points; when absent, as many as the order may use and the member has */
      readonly points?: number;
      /** @description The order that the points pay a part of */
      readonly order?: components['schemas']['OrderPart'];
      /**
       * @description What it is for: an order or a reward
       * @example shop:A-1001
       */
      readonly reference?: string;
      /** @description Time to live; the program's default when absent */
      readonly ttlSeconds?: number;
    };
    readonly CaptureBody: {
      /** @description How many of the points; all that are left when absent */
      readonly points?: number;
      /**
       * @description What becomes of the rest
       * @default release
       * @enum {string}
       */
      readonly rest: 'release' | 'keep';
    };
    readonly NoteBody: {
      readonly note?: string;
    };
    readonly PartBody: {
      /** @description How many of the points; all that are left when absent */
      readonly points?: number;
    };
    readonly TransferBody: {
      /** @description Member who gives */
      readonly from: string;
      /** @description Member who gets */
      readonly to: string;
      readonly points: number;
      /** @description The first currency that may be given when absent */
      readonly currency?: string;
      readonly note?: string;
    };
    readonly AdjustmentBody: {
      /**
       * @description Who decided it: a person or a system
       * @example li.wei@example.com
       */
      readonly actor: string;
      readonly note?: string;
      /** @enum {string} */
      readonly reason: 'correction' | 'goodwill' | 'compensation' | 'promotion' | 'fraud' | 'migration' | 'other';
      /**
       * @description More than 0 gives, less takes
       * @example -50
       */
      readonly points: number;
      /** @example points */
      readonly currency: string;
      /** @description Of points given: when they can be used; now when absent */
      readonly availableAt?: string;
      /** @description Of points given: when they go; never when absent */
      readonly expiresAt?: string;
      /**
       * @description Of more points taken than there are: the rest becomes debt; refused when absent
       * @enum {string}
       */
      readonly beyond?: 'debt';
    };
    readonly FreezeBody: {
      /**
       * @description Who decided it: a person or a system
       * @example li.wei@example.com
       */
      readonly actor: string;
      readonly note?: string;
      /** @enum {string} */
      readonly reason: 'fraud' | 'request' | 'audit' | 'breach' | 'correction' | 'other';
      /** @description Only this currency; every one that the member has when absent */
      readonly currency?: string;
    };
    readonly ExtensionBody: {
      /**
       * @description Who decided it: a person or a system
       * @example li.wei@example.com
       */
      readonly actor: string;
      readonly note?: string;
      /** @example points */
      readonly currency: string;
      /** @description Lots as `/lots` names them; all open ones when absent */
      readonly lots?: readonly string[];
      /**
       * @description Later than the expiry that the lots have
       * @example 2027-06-30T16:00:00Z
       */
      readonly expiresAt: string;
    };
    readonly ReinstatementBody: {
      /**
       * @description Who decided it: a person or a system
       * @example li.wei@example.com
       */
      readonly actor: string;
      readonly note?: string;
      /** @example points */
      readonly currency: string;
      /** @description Lots as `/lots` names them; all open ones when absent */
      readonly lots?: readonly string[];
      /**
       * @description Later than the expiry that the lots have
       * @example 2027-06-30T16:00:00Z
       */
      readonly expiresAt: string;
      /** @description How many of the expired points; all when absent */
      readonly points?: number;
    };
    readonly MergeBody: {
      /**
       * @description Who decided it: a person or a system
       * @example li.wei@example.com
       */
      readonly actor: string;
      readonly note?: string;
      /** @description Member who gets everything, now and later */
      readonly into: string;
    };
    readonly UnmergeBody: {
      /**
       * @description Who decided it: a person or a system
       * @example li.wei@example.com
       */
      readonly actor: string;
      readonly note?: string;
      /** @description `id` of the merge */
      readonly merge: string;
    };
    readonly ImportBody: {
      /**
       * @description Decide everything, write nothing
       * @default false
       */
      readonly dryRun: boolean;
      /**
       * @description Opening lots. A date without a time is the whole day in the time zone of the program.
       * @example [
       *       {
       *         "row": "2",
       *         "member": "m-1001",
       *         "points": 1200,
       *         "earnedOn": "2025-06-18",
       *         "expiresOn": "2026-12-31"
       *       }
       *     ]
       */
      readonly rows: readonly {
        /** @description Its name within the import */
        readonly row: string;
        readonly member: string;
        readonly points: number;
        readonly currency?: string;
        /** @description A date, or an instant with an offset */
        readonly earnedOn?: string;
        /** @description A date, or an instant with an offset */
        readonly expiresOn?: string;
        readonly reason?: string;
      }[];
    };
    readonly AssignmentBody: {
      /**
       * @description code of a tier of the ladder in force
       * @example gold
       */
      readonly tier: string;
      /**
       * Format: date-time
       * @description when it ends; for ever when absent
       * @example 2027-06-01T00:00:00Z
       */
      readonly until?: string;
      /** @description why; it is in the event, so name nobody in it */
      readonly reason: string;
    };
    readonly CreateWebhook: {
      /** @example https://example.com/jifen */
      readonly url: string;
      /** @description event types, families (`points.*`) or `*`, the default */
      readonly events?: readonly string[];
      /**
       * @description `v1` (default): HMAC with a shared secret; `v1a`: Ed25519, you get a public key
       * @enum {string}
       */
      readonly signature?: 'v1' | 'v1a';
      readonly description?: string;
    };
    readonly ReplayDeliveries: {
      /**
       * Format: date-time
       * @description what was queued from this instant on
       * @example 2026-11-01T00:00:00Z
       */
      readonly from?: string;
      /**
       * @description this delivery and those after it
       * @example ledger-3-17
       */
      readonly delivery?: string;
      /** @description `next` of the call before */
      readonly cursor?: string;
    };
    readonly ResendDeliveries: {
      /** @description ids of deliveries; the oldest dead ones when left out */
      readonly deliveries?: readonly string[];
    };
    readonly ReadInbox: {
      /**
       * @description id of the newest message that was seen
       * @example 17
       */
      readonly upTo: number;
    };
    readonly ResendMessages: {
      /** @description ids of messages; the oldest dead ones when left out */
      readonly messages?: readonly number[];
    };
    readonly TemplateDto: {
      /** @example {{ points }} {{ currency }} credited! */
      readonly title: string;
      readonly body: string;
      /** @example myapp://points */
      readonly link?: string;
    };
    readonly PreviewDto: {
      /** @example m-1 */
      readonly member: string;
      /** @enum {string} */
      readonly trigger:
        | 'points-credited'
        | 'points-taken-back'
        | 'points-redeemed'
        | 'points-refunded'
        | 'points-held'
        | 'points-adjusted'
        | 'points-expiring'
        | 'reward-in-reach'
        | 'account-frozen'
        | 'account-unfrozen'
        | 'tier-changed'
        | 'near-upgrade'
        | 'tier-kept'
        | 'tier-will-fall';
      /**
       * @description the member’s when left out
       * @enum {string}
       */
      readonly language?: 'en' | 'zh';
      /** @description the one in force when left out */
      readonly template?: components['schemas']['TemplateDto'];
    };
    readonly ContactDto: {
      /** @example li@example.com */
      readonly email?: string;
    };
    readonly QuietHoursDto: {
      /**
       * @description `HH:mm` on the wall clock of the program
       * @example 22:00
       */
      readonly from: string;
      /** @example 08:00 */
      readonly to: string;
    };
    readonly PreferencesDto: {
      /**
       * @description the program’s when left out
       * @enum {string}
       */
      readonly language?: 'en' | 'zh';
      readonly mutedTriggers?: readonly (
        | 'points-credited'
        | 'points-taken-back'
        | 'points-redeemed'
        | 'points-refunded'
        | 'points-held'
        | 'points-adjusted'
        | 'points-expiring'
        | 'reward-in-reach'
        | 'account-frozen'
        | 'account-unfrozen'
        | 'tier-changed'
        | 'near-upgrade'
        | 'tier-kept'
        | 'tier-will-fall'
      )[];
      readonly mutedChannels?: readonly ('inbox' | 'email' | 'webhook' | 'log' | 'sms' | 'wechat' | 'wecom')[];
      /** @description instead of the program’s */
      readonly quietHours?: components['schemas']['QuietHoursDto'];
    };
    readonly SettingsDto: {
      /** @default true */
      readonly enabled: boolean;
      /**
       * @default en
       * @enum {string}
       */
      readonly language: 'en' | 'zh';
      /** @default myapp://points */
      readonly link: string;
      readonly messages: readonly unknown[];
      readonly quietHours?: components['schemas']['QuietHoursDto'];
      /** @description messages a member and day on each channel that rings; more are left out */
      readonly dailyCap?: number;
      /**
       * @default [
       *       30,
       *       7,
       *       1
       *     ]
       */
      readonly reminderDays: readonly number[];
      /** @default 10:00 */
      readonly reminderTime: string;
      readonly rewards?: readonly unknown[];
      /** @description tell again of the dearest reward in reach after so many days; once when left out */
      readonly rewardEveryDays?: number;
    };
    /** @description RFC 9457. Some codes have figures beside these fields, e.g. the points that are `available`. */
    readonly HttpProblem: {
      readonly type: string;
      readonly title: string;
      readonly status: number;
      /** @enum {string} */
      readonly code:
        | 'invalid_request'
        | 'malformed_json'
        | 'invalid_order'
        | 'unauthenticated'
        | 'forbidden'
        | 'wrong_program'
        | 'not_found'
        | 'unknown_member'
        | 'member_changed'
        | 'revision_conflict'
        | 'content_conflict'
        | 'identity_conflict'
        | 'version_conflict'
        | 'insufficient_points'
        | 'account_frozen'
        | 'member_inactive'
        | 'member_merged'
        | 'not_merged'
        | 'unknown_hold'
        | 'hold_closed'
        | 'hold_expired'
        | 'exceeds_hold'
        | 'too_many_holds'
        | 'too_many_lots'
        | 'unknown_redemption'
        | 'exceeds_redemption'
        | 'unknown_transfer'
        | 'transfer_limit'
        | 'member_parked'
        | 'not_redeemable'
        | 'below_minimum'
        | 'above_maximum'
        | 'not_a_step'
        | 'transfer_not_allowed'
        | 'same_member'
        | 'unknown_lot'
        | 'already_expired'
        | 'too_many_assignments'
        | 'unknown_award'
        | 'already_decided'
        | 'nothing_to_change'
        | 'idempotency_conflict'
        | 'in_progress'
        | 'payload_too_large'
        | 'unsupported_media_type'
        | 'history_too_long'
        | 'invalid_program'
        | 'too_many_requests'
        | 'internal'
        | 'unavailable'
        | 'not_caught_up';
      readonly detail: string;
      readonly errors?: readonly {
        /** @description JSON pointer (RFC 6901) */
        readonly pointer: string;
        readonly message: string;
      }[];
      readonly traceId: string;
    } & {
      readonly [key: string]: unknown;
    };
    readonly Forgotten: {
      readonly identities: number;
      readonly records: number;
      /** @description Of records that a source published itself: of each only the hash of its bytes is left. */
      readonly deadLetters: number;
    };
    /** @description A record as the list shows it; its bytes are with the record itself. */
    readonly KeptSummary: {
      readonly id: string;
      readonly kind: components['schemas']['RecordKind'];
      readonly source: string;
      readonly problem: components['schemas']['Problem'];
      readonly size: number;
      readonly receivedAt: string;
      readonly via: components['schemas']['Via'];
      readonly redrivenAt?: string;
      readonly outcome?: string;
    };
    /** @description What is wrong, as a value: an application function refuses with it, the HTTP edge renders it. */
    readonly Problem: {
      readonly code: components['schemas']['ProblemCode'];
      readonly detail: string;
      readonly errors?: readonly {
        readonly pointer: string;
        readonly message: string;
      }[];
      /** @description What the caller needs to go on, e.g. the real balance; they stand beside `code` in the body. */
      readonly figures?: {
        readonly [key: string]: string | number;
      };
    };
    /** @enum {string} */
    readonly ProblemCode:
      | 'invalid_request'
      | 'malformed_json'
      | 'invalid_order'
      | 'unauthenticated'
      | 'forbidden'
      | 'wrong_program'
      | 'not_found'
      | 'unknown_member'
      | 'member_changed'
      | 'revision_conflict'
      | 'content_conflict'
      | 'identity_conflict'
      | 'version_conflict'
      | 'insufficient_points'
      | 'account_frozen'
      | 'member_inactive'
      | 'member_merged'
      | 'not_merged'
      | 'unknown_hold'
      | 'hold_closed'
      | 'hold_expired'
      | 'exceeds_hold'
      | 'too_many_holds'
      | 'too_many_lots'
      | 'unknown_redemption'
      | 'exceeds_redemption'
      | 'unknown_transfer'
      | 'transfer_limit'
      | 'member_parked'
      | 'not_redeemable'
      | 'below_minimum'
      | 'above_maximum'
      | 'not_a_step'
      | 'transfer_not_allowed'
      | 'same_member'
      | 'unknown_lot'
      | 'already_expired'
      | 'too_many_assignments'
      | 'unknown_award'
      | 'already_decided'
      | 'nothing_to_change'
      | 'idempotency_conflict'
      | 'in_progress'
      | 'payload_too_large'
      | 'unsupported_media_type'
      | 'history_too_long'
      | 'invalid_program'
      | 'too_many_requests'
      | 'internal'
      | 'unavailable'
      | 'not_caught_up';
    /** @enum {string} */
    readonly RecordKind: 'order' | 'order-refund' | 'activity';
    /**
     * @description deactivated: earns, spends and is told nothing until it is active again. anonymised: as well, for good, and nobody knows any more who it was; the points stay in the books. removed: anonymised, and the points are taken
     * @enum {string}
     */
    readonly Standing: 'active' | 'deactivated' | 'anonymised' | 'removed';
    /** @enum {string} */
    readonly StandingReason: 'request' | 'legal' | 'fraud' | 'dormant' | 'other';
    /** @enum {string} */
    readonly Via: 'http' | 'kafka' | 'redrive';
    readonly WaitingSummary: {
      readonly source: string;
      readonly orderId: string;
      readonly refundId: string;
      readonly notice: unknown;
      readonly since: string;
    };
    /** @description present where somebody approves the points of the rule: the target is the less of due and approved */
    readonly Approval: {
      /**
       * @description waiting: more is due than was approved; withdrawn: nothing is due and nobody decided
       * @enum {string}
       */
      readonly state: 'waiting' | 'approved' | 'rejected' | 'withdrawn';
      /** @description what the award would total if all of it were approved */
      readonly due: number;
      /** @description up to how many points were approved */
      readonly approved: number;
      readonly decision?: components['schemas']['Decision'];
    };
    readonly ApprovalStep: {
      readonly result: number;
      /** @constant */
      readonly step: 'on-approval';
    };
    /** @description An award that somebody approves: what is due of it, what was decided, and what can be decided. */
    readonly ApprovalView: {
      /**
       * @description waiting: more is due than was approved; withdrawn: nothing is due and nobody decided
       * @enum {string}
       */
      readonly state: 'waiting' | 'approved' | 'rejected' | 'withdrawn';
      /** @description what the award would total if all of it were approved */
      readonly due: number;
      /** @description up to how many points were approved */
      readonly approved: number;
      readonly decision?: components['schemas']['Decision'];
      readonly awardId: string;
      readonly member: string;
      readonly rule: string;
      readonly currency: string;
      /** @description What it is for, and when that happened. */
      readonly cause: {
        readonly source: string;
        readonly id: string;
      };
      readonly occurredAt: string;
      /** @description What is granted now. */
      readonly target: number;
      /** @description What somebody is to decide about. */
      readonly waiting: number;
      /** @description When it came into its state. */
      readonly since: string;
    };
    readonly ArmStep: {
      readonly arm: string;
      readonly experiment: string;
      /** @constant */
      readonly step: 'arm';
    };
    readonly Award: {
      readonly currency: string;
      readonly awardId: string;
      readonly revision: number;
      /** @description what the award should total now */
      readonly target: number;
      /** @description before caps; present when it differs from target */
      readonly wished?: number;
      readonly ruleId: string;
      readonly ruleVersion: number;
      readonly availableAt: string;
      readonly expiresAt?: string;
      /** @enum {string} */
      readonly clawback?: 'award-only' | 'within-balance' | 'allow-debt';
      /** @description with allow-debt: the debt of the account beyond which the rest is forgiven */
      readonly debtLimit?: number;
      readonly approval?: components['schemas']['Approval'];
    };
    readonly BandStep: {
      /** @description Of the amount, by this step of the rate. */
      readonly amount: number;
      readonly from: string;
      /** @enum {string} */
      readonly mode: 'proportional' | 'per-full-unit';
      readonly per: string;
      readonly points: string;
      /** @constant */
      readonly step: 'band';
    };
    readonly BandsStep: {
      readonly result: number;
      readonly rounding: components['schemas']['RoundingMode'];
      /** @constant */
      readonly step: 'bands';
    };
    readonly BasisStep:
      | components['schemas']['LineStep']
      | {
          readonly line: number;
          /** @constant */
          readonly step: 'gift';
        }
      | {
          readonly line: number;
          /** @constant */
          readonly step: 'filtered';
        }
      | {
          readonly amount: number;
          readonly due: number;
          readonly giftCard: number;
          readonly points: number;
          /** @constant */
          readonly step: 'paid-part';
        };
    /** @description How the basis that some rules share came about. */
    readonly BasisTrace: {
      readonly amount: number;
      readonly steps: readonly components['schemas']['Step'][];
    };
    readonly BudgetStep: {
      /** @description Key of the budget: the rule, or `*` and its id, and the period. */
      readonly budget: string;
      /** @description Of a budget that counts by it: what it counts by, and the value; without one, what has none. */
      readonly each?: string;
      readonly left: number;
      readonly result: number;
      /** @constant */
      readonly step: 'budget';
      readonly value?: string;
      /** @constant */
      readonly whole?: true;
      readonly wished: number;
    };
    /** @description A budget in the window around an instant. Points in the smallest unit of their currency, revenue in minor units. */
    readonly BudgetView: {
      /** @description As traces name it: the rule, or `*` and the id of a shared one, and the period. */
      readonly budget: string;
      readonly name?: {
        readonly en: string;
        readonly zh: string;
      };
      readonly currency: string;
      /** @description Of one that every value of a field has for itself: the field, and the value; without one, what has none. */
      readonly each?: string;
      readonly value?: string;
      /** @description e.g. `2026-11`. */
      readonly window: string;
      /** Format: date-time */
      readonly from: string;
      /**
       * Format: date-time
       * @description The first instant after it; absent: it never ends.
       */
      readonly until?: string;
      /** @description Of a share: what the revenue of the partitions allows, added up. */
      readonly total: number;
      readonly granted: number;
      /** @description Before the budget cut it. */
      readonly wished: number;
      readonly left: number;
      /** @description Of a share. */
      readonly revenue?: number;
      readonly rules: readonly components['schemas']['RuleMove'][];
    };
    readonly Cause: {
      readonly source: string;
      readonly id: string;
      readonly revision: number;
    };
    readonly CelStep: {
      readonly expression: string;
      /**
       * @description It asked for what is not there, divided by zero or the like: that counts as no.
       * @constant
       */
      readonly failed?: true;
      readonly holds: boolean;
      /** @constant */
      readonly step: 'cel';
    };
    readonly ConvertedStep: {
      readonly result: number;
      /** @constant */
      readonly step: 'converted';
    };
    readonly DataAmountStep: {
      readonly key: string;
      readonly result: number;
      /** @constant */
      readonly step: 'data-amount';
    };
    /** @description the last one; after a rejection nothing waits any more */
    readonly Decision: {
      /** @enum {string} */
      readonly verdict: 'approve' | 'reject';
      readonly actor: string;
      readonly reason?: string;
      readonly at: string;
    };
    readonly EffectTrace: {
      readonly kind: string;
      readonly quantity: number;
      readonly ref: string;
    };
    readonly ExchangeStep: {
      readonly from: string;
      readonly on: string;
      readonly rate: string;
      readonly rounding: components['schemas']['RoundingMode'];
      /** @constant */
      readonly step: 'exchange';
      readonly to: string;
    };
    /** @description One place of two documents that differ. A value that is not there is `undefined`. */
    readonly FieldChange: {
      /** @description JSON pointer; items of lists with ids are named by id, e.g. `/rules/spend/earn/points`. */
      readonly path: string;
      readonly before?: unknown;
      readonly after?: unknown;
    };
    readonly FixedStep: {
      readonly result: number;
      /** @constant */
      readonly step: 'fixed';
    };
    /** @description How far a member is: values are minor units of money, smallest units of points, times or days, as `metric` says. */
    readonly Goal: {
      /** @enum {string} */
      readonly kind: 'target' | 'streak' | 'limit';
      /** @description Absent for a limit that rules share. */
      readonly rule?: string;
      /** @description Id of a limit that rules share. */
      readonly limit?: string;
      readonly name?: {
        readonly en: string;
        readonly zh: string;
      };
      readonly currency: string;
      /** @enum {string} */
      readonly state: 'approaching' | 'reached' | 'not-enrolled';
      /** @description e.g. `2026-Q4`, `ever`, `enrolled`, `rolling`, or `run` for a streak. */
      readonly window: string;
      /** Format: date-time */
      readonly from?: string;
      /**
       * Format: date-time
       * @description The first instant after it; of a streak, by when the next day must have come.
       */
      readonly until?: string;
      readonly metric: components['schemas']['Metric'];
      /** @description ISO code of an amount. */
      readonly money?: string;
      /** @description The goal itself is not enough. */
      readonly strict?: boolean;
      readonly reached: number;
      readonly goal: number;
      readonly missing: number;
      /** @description Points that it pays; with a factor, by what was earned until now. A limit pays nothing. */
      readonly gives?: number;
      readonly factor?: string;
      /** @description Type of the activity that joins the challenge. */
      readonly joinBy?: string;
      readonly en: string;
      readonly zh: string;
    };
    readonly HistoryReport: {
      readonly members: number;
      readonly causes: number;
      readonly totals: readonly {
        readonly currency: string;
        readonly cost: {
          readonly candidate: {
            readonly amount: string;
            readonly currency: string;
          };
          readonly baseline: {
            readonly amount: string;
            readonly currency: string;
          };
        };
        readonly candidate: number;
        readonly baseline: number;
        readonly change: number;
      }[];
      readonly rules: readonly {
        readonly rule: string;
        readonly currency: string;
        readonly candidate: number;
        readonly baseline: number;
        readonly change: number;
      }[];
      /** @description By the tier in force when it was earned. */
      readonly tiers: readonly {
        readonly tier: string;
        readonly currency: string;
        readonly candidate: number;
        readonly baseline: number;
        readonly change: number;
      }[];
      readonly affected: {
        /** @description Members whose points differ. */
        readonly members: number;
        readonly most: readonly {
          readonly member: string;
          readonly currency: string;
          readonly candidate: number;
          readonly baseline: number;
          readonly change: number;
        }[];
      };
      /** @description Tiers by the points of the simulated history alone, under each program's ladder. Empty where that cannot be told. */
      readonly migration: readonly {
        readonly from: string;
        readonly to: string;
        readonly members: number;
      }[];
      /** @description Why nobody's tier can be told; absent where it can. */
      readonly migrationUnknown?: {
        readonly en: string;
        readonly zh: string;
      };
      readonly costGate: {
        readonly revenue: {
          readonly amount: string;
          readonly currency: string;
        };
        readonly cost: {
          readonly amount: string;
          readonly currency: string;
        };
        /** @description Cost in percent of revenue; absent without revenue. */
        readonly percent?: string;
        readonly limit: string;
        readonly within: boolean;
      };
      readonly candidate: string;
      readonly baseline: string;
      readonly percent: number;
      /** @description Of this one alone. */
      readonly member?: string;
      readonly since?: string;
    };
    /** @enum {string} */
    readonly JobState: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
    readonly LineStep: {
      readonly amount: number;
      readonly base: number;
      readonly discount?: number;
      readonly kept: number;
      readonly line: number;
      readonly orderDiscount?: number;
      readonly paid: number;
      readonly refunded?: number;
      readonly shipping?: number;
      /** @constant */
      readonly step: 'line';
      readonly tax?: number;
    };
    /** @description What is wrong, and where in the text of a YAML document. */
    readonly LocatedViolation: {
      readonly line?: number;
      readonly column?: number;
      readonly pointer: string;
      readonly message: string;
    };
    /** @enum {string} */
    readonly Metric: 'amount' | 'points' | 'count' | 'days';
    /** @description More of what is in the cart, and what a rule gives more for it. */
    readonly Missing: {
      readonly rule: string;
      readonly name?: {
        readonly en: string;
        readonly zh: string;
      };
      /** @description One of the two. */
      readonly amount?: {
        readonly amount: string;
        readonly currency: string;
      };
      readonly pieces?: number;
      /** @description Points that the rule gives more, in the smallest unit of the currency. */
      readonly gives: number;
      readonly currency: string;
      readonly en: string;
      readonly zh: string;
    };
    readonly MultiplyStep: {
      readonly base: number;
      readonly factor: string;
      readonly result: number;
      readonly rounding: components['schemas']['RoundingMode'];
      /** @constant */
      readonly step: 'multiply';
      readonly tier?: string;
    };
    readonly OnceStep: {
      readonly at: string;
      readonly result: number;
      /** @constant */
      readonly step: 'once';
      readonly version: number;
    };
    /** @enum {string} */
    readonly Operator:
      | 'none'
      | 'is'
      | 'isNot'
      | 'in'
      | 'notIn'
      | 'atLeast'
      | 'moreThan'
      | 'atMost'
      | 'lessThan'
      | 'startsWith'
      | 'contains'
      | 'exists'
      | 'any'
      | 'all'
      | 'inDay'
      | 'inMonth';
    readonly RateStep: {
      readonly amount: number;
      /** @enum {string} */
      readonly mode: 'proportional' | 'per-full-unit';
      readonly per: string;
      readonly points: string;
      readonly result: number;
      readonly rounding: components['schemas']['RoundingMode'];
      /** @constant */
      readonly step: 'rate';
    };
    /** @description An award before its place in the rating log is known. */
    readonly RatedAward: {
      readonly currency: string;
      readonly awardId: string;
      /** @description what the award should total now */
      readonly target: number;
      /** @description before caps; present when it differs from target */
      readonly wished?: number;
      readonly ruleId: string;
      readonly ruleVersion: number;
      readonly availableAt: string;
      readonly expiresAt?: string;
      /** @enum {string} */
      readonly clawback?: 'award-only' | 'within-balance' | 'allow-debt';
      /** @description with allow-debt: the debt of the account beyond which the rest is forgiven */
      readonly debtLimit?: number;
      readonly approval?: components['schemas']['Approval'];
    };
    readonly RatingView: {
      readonly cause: components['schemas']['Cause'];
      /** @description How often the cause was rated. */
      readonly ratings: number;
      /** @description 0 when none was in force. */
      readonly programVersion: number;
      readonly occurredAt: string;
      readonly tier?: string;
      readonly awards: readonly components['schemas']['Award'][];
      /** @description What each rule gave, or why nothing; asked for with explain. Where no version was in force, the heading says so. */
      readonly explanation?: components['schemas']['TraceInWords'];
      /** @description Whether rating again from the stored inputs gives the same bytes; asked for with recompute. */
      readonly recomputed?: {
        readonly equal: boolean;
        readonly trace: string;
      };
    };
    /** @enum {string} */
    readonly Reason:
      | 'other-kind'
      | 'other-activity'
      | 'not-yet-paid'
      | 'not-yet-completed'
      | 'cancelled'
      | 'not-begun'
      | 'over'
      | 'other-day'
      | 'other-hour'
      | 'not-in-audience'
      | 'not-in-share'
      | 'other-arm'
      | 'condition-not-met'
      | 'no-amount'
      | 'no-times'
      | 'lapses-first'
      | 'outranked'
      | 'excluded'
      | 'stopped'
      | 'other-currency'
      | 'no-exchange-rate'
      | 'fully-refunded'
      | 'paid-with-points'
      | 'paid-by-gift-card'
      | 'nothing-in-basis'
      | 'rounds-to-nothing'
      | 'no-tier'
      | 'unknown-tier'
      | 'factor-is-one'
      | 'nothing-to-multiply'
      | 'limit-reached'
      | 'day-has-one'
      | 'not-away'
      | 'counts-in-window'
      | 'other-window'
      | 'not-reached'
      | 'budget-spent';
    readonly ReferralReason: components['schemas']['RefusedReferrer'] | 'not-new' | 'too-late';
    /** @enum {string} */
    readonly ReferralStanding: 'waiting' | 'qualified' | 'refused' | 'lapsed';
    readonly ReferralStep: {
      readonly id: string;
      /** @enum {string} */
      readonly kind: 'order' | 'activity';
      readonly referee: string;
      readonly referrer: string;
      readonly source: string;
      /** @constant */
      readonly step: 'referral';
    };
    /** @enum {string} */
    readonly RefusedReferrer: 'self-referral' | 'no-member-id';
    /** @enum {string} */
    readonly RoundingMode: 'floor' | 'ceil' | 'half-up' | 'half-even';
    readonly RuleChange: {
      readonly rule: string;
      /** @description Pointers within the rule. */
      readonly fields: readonly components['schemas']['FieldChange'][];
    };
    readonly RuleGain: {
      readonly rule: string;
      readonly name?: {
        readonly en: string;
        readonly zh: string;
      };
      readonly currency: string;
      /** @description In the smallest unit of the currency. */
      readonly points: number;
      /** @description Before limits, budgets and other rules left less; absent where they did not. */
      readonly wished?: number;
      /** @description Points that somebody has to approve first. */
      readonly waiting?: number;
      /** @description From when on they can be spent; absent where that is when the order is completed. */
      readonly availableAt?: string;
      readonly expiresAt?: string;
      /**
       * @description The order is not enough: it must be completed.
       * @constant
       */
      readonly onCompletion?: true;
      readonly effects?: readonly {
        readonly kind: string;
        readonly ref: string;
        readonly quantity: number;
      }[];
      readonly en: readonly string[];
      readonly zh: readonly string[];
    };
    readonly RuleInWords: {
      readonly rule: string;
      readonly fired: boolean;
      readonly en: readonly string[];
      readonly zh: readonly string[];
    };
    readonly RuleMove: {
      readonly rule: string;
      readonly granted: number;
      readonly wished: number;
    };
    readonly RuleTrace:
      | {
          readonly rule: string;
          readonly why: components['schemas']['Reason'];
        }
      | {
          readonly basis?: number;
          /** @description The rule that pays instead. */
          readonly by?: string;
          readonly currency: string;
          readonly effects?: readonly components['schemas']['EffectTrace'][];
          readonly rule: string;
          readonly steps: readonly components['schemas']['Step'][];
          readonly target: number;
          readonly why?: components['schemas']['Reason'];
          /** @description Before limits and stacking, where they left less. */
          readonly wished?: number;
        };
    readonly Scalar: string | number | boolean;
    readonly ShareStep: {
      /** @description Where the member stands among all, in hundredths of a percent. */
      readonly place: number;
      /** @constant */
      readonly step: 'share';
    };
    /** @description One step of the arithmetic. Money is in minor units of the order's currency, points in the smallest unit of theirs. Fields stand in alphabetical order, so that the text of a trace is canonical as it is. A step that was ever published keeps its fields: stored ratings must run again to the same bytes. */
    readonly Step:
      | components['schemas']['WhenStep']
      | components['schemas']['ShareStep']
      | components['schemas']['ArmStep']
      | components['schemas']['ExchangeStep']
      | components['schemas']['TestStep']
      | components['schemas']['CelStep']
      | components['schemas']['ConvertedStep']
      | components['schemas']['DataAmountStep']
      | components['schemas']['BandStep']
      | components['schemas']['BandsStep']
      | components['schemas']['TimesStep']
      | components['schemas']['BasisStep']
      | components['schemas']['RateStep']
      | components['schemas']['FixedStep']
      | components['schemas']['OnceStep']
      | components['schemas']['MultiplyStep']
      | components['schemas']['ReferralStep']
      | components['schemas']['WindowStep']
      | components['schemas']['BudgetStep']
      | components['schemas']['ApprovalStep'];
    /** @enum {string} */
    readonly Subject:
      | 'source'
      | 'channel'
      | 'data'
      | 'fact'
      | 'tags'
      | 'segments'
      | 'tier'
      | 'benefits'
      | 'anniversary'
      | 'order-amount'
      | 'order-quantity'
      | 'store'
      | 'status'
      | 'attribute'
      | 'paid-cash'
      | 'paid-points'
      | 'paid-gift-card'
      | 'paid-store-credit'
      | 'lines-count'
      | 'lines-others'
      | 'lines-quantity'
      | 'lines-amount';
    readonly TestStep: {
      readonly actual?: components['schemas']['Scalar'] | readonly string[];
      readonly holds: boolean;
      readonly key?: string;
      readonly op: components['schemas']['Operator'];
      /** @constant */
      readonly step: 'test';
      readonly subject: components['schemas']['Subject'];
      readonly value?: components['schemas']['Scalar'] | readonly string[];
    };
    readonly TimesStep: {
      readonly result: number;
      /** @constant */
      readonly step: 'times';
      readonly times: number;
      readonly wished?: number;
    };
    /** @description The explanation of a rating: every rule that was tried, and the arithmetic. */
    readonly Trace: {
      readonly bases?: readonly components['schemas']['BasisTrace'][];
      /** @enum {string} */
      readonly kind: 'order' | 'activity' | 'member' | 'window';
      readonly money?: string;
      readonly rules: readonly components['schemas']['RuleTrace'][];
      readonly tier?: string;
      readonly version: number;
    };
    readonly TraceInWords: {
      readonly heading: {
        readonly en: readonly string[];
        readonly zh: readonly string[];
      };
      readonly words: readonly components['schemas']['RuleInWords'][];
    };
    /** @enum {string} */
    readonly VersionState: 'scheduled' | 'in-force' | 'superseded';
    /** @description A published version in the life of its program. */
    readonly VersionView: {
      /** Format: date-time */
      readonly publishedAt: string;
      /** @description Id of the key. */
      readonly publishedBy: string;
      /** @description What the key was called. */
      readonly publishedByName?: string;
      /** @description The older version that this one says again. */
      readonly copyOf?: number;
      readonly program: string;
      readonly version: number;
      /** Format: date-time */
      readonly effectiveFrom: string;
      readonly state: components['schemas']['VersionState'];
      /**
       * Format: date-time
       * @description When a later version took or takes over; the version's own instant when it never held.
       */
      readonly supersededAt?: string;
    };
    readonly WhenStep: {
      /** @description On the wall clock of the schedule. */
      readonly at: string;
      /** @constant */
      readonly step: 'when';
    };
    readonly WindowStep:
      | {
          /** @description Of a limit that counts by it: what it counts by, and the value; without one, what has none. */
          readonly each?: string;
          readonly left: number;
          /** @description Key of the limit: the rule, or `*` and its id, and the period. */
          readonly limit: string;
          readonly result: number;
          /** @constant */
          readonly step: 'limit';
          /** @enum {string} */
          readonly unit: 'points' | 'count';
          readonly value?: string;
          readonly wished: number;
        }
      | {
          readonly day: number;
          readonly length: number;
          readonly result: number;
          /** @constant */
          readonly step: 'streak';
        }
      | {
          readonly days: number;
          /** @constant */
          readonly step: 'away';
        }
      | {
          readonly counted: number;
          readonly earned: number;
          readonly metric: components['schemas']['Metric'];
          /** @constant */
          readonly step: 'counts';
        }
      | {
          readonly metric: components['schemas']['Metric'];
          /** @constant */
          readonly step: 'sum';
          readonly strict: boolean;
          readonly sum: number;
          readonly threshold: number;
          readonly window: string;
        }
      | {
          readonly base: number;
          readonly factor: string;
          readonly result: number;
          readonly rounding: components['schemas']['RoundingMode'];
          /** @constant */
          readonly step: 'window-multiply';
        };
    readonly Balance: {
      readonly available: number;
      readonly pending: number;
      readonly held: number;
      readonly debt: number;
    };
    /** @description One currency of a member right after a command. */
    readonly BalanceAfter: {
      readonly currency: string;
      readonly available: number;
      readonly pending: number;
      readonly held: number;
      readonly debt: number;
      /** @description available + pending + held − debt. */
      readonly net: number;
      /** @constant */
      readonly frozen?: true;
    };
    /** @description One currency of a member at an instant. */
    readonly BalanceView: {
      readonly currency: string;
      readonly available: number;
      readonly pending: number;
      readonly held: number;
      readonly debt: number;
      /** @description available + pending + held − debt. */
      readonly net: number;
      /** @description Past their expiry: in no bucket, and in the books until the expiry is posted. */
      readonly lapsed: number;
      /** @description Earned and not withdrawn, spent or not. */
      readonly lifetime: number;
      /** @description Spent and not given back. */
      readonly spent: number;
      /** @description Gone with their expiry and not given back, posted or not. */
      readonly expired: number;
      /** @description Net on its way to another member: in no bucket, and back when it is refused there. Below 0 where a merge moves debt. */
      readonly inFlight: number;
      /** @description All that goes at the next expiry. */
      readonly nextExpiry: {
        /** Format: date-time */
        readonly at: string;
        readonly points: number;
        readonly worth: components['schemas']['MoneyView'] | null;
      } | null;
      /** @description What the points are worth under the program in force now, rounded towards zero; null where it states no value. */
      readonly worth: {
        readonly available: components['schemas']['MoneyView'] | null;
        readonly pending: components['schemas']['MoneyView'] | null;
        readonly held: components['schemas']['MoneyView'] | null;
        readonly debt: components['schemas']['MoneyView'] | null;
        readonly net: components['schemas']['MoneyView'] | null;
      } | null;
    };
    readonly CurrencyLiability: {
      readonly currency: string;
      /** @description Money a point, and the share expected to be redeemed, as the program in force states them. */
      readonly perPoint: string | null;
      readonly expectedRedemption: string | null;
      /** @description Not expired: pending, available and held. */
      readonly outstanding: components['schemas']['Owed'];
      /** @description What members owe; it is not netted. */
      readonly debt: number;
      /** @description Past their expiry, which is not posted yet: not outstanding. */
      readonly lapsed: number;
      /** @description By full months since they were earned; the parts add up to `outstanding`. */
      readonly byAge: readonly {
        readonly fromMonths: number;
        readonly toMonths: number | null;
        readonly points: number;
        readonly faceValue: components['schemas']['MoneyView'] | null;
        readonly liability: components['schemas']['MoneyView'] | null;
      }[];
      /** @description By the month in which they are usable last; null: never expiring. The parts add up to `outstanding`. */
      readonly byExpiry: readonly {
        readonly month: string | null;
        readonly points: number;
        readonly faceValue: components['schemas']['MoneyView'] | null;
        readonly liability: components['schemas']['MoneyView'] | null;
      }[];
      /** @description The sums that it was made of, lapsed points included. */
      readonly partitions: readonly {
        readonly partition: number;
        readonly points: number;
        readonly debt: number;
      }[];
    };
    readonly HoldView: {
      readonly id: string;
      readonly member: string;
      readonly currency: string;
      /** @description Reserved at first. */
      readonly points: number;
      readonly remaining: number;
      /**
       * @description How what was left of it ended; `moved`: it went to another member with a merge, or back.
       * @enum {string}
       */
      readonly state: 'open' | 'captured' | 'released' | 'lapsed' | 'moved';
      /** Format: date-time */
      readonly heldAt: string;
      /** Format: date-time */
      readonly expiresAt: string;
      readonly reference?: string;
    };
    readonly LotMovement: {
      /** @description <awardId>#<n> */
      readonly lot: string;
      /** @description change of the lot's remainder, held points included */
      readonly points: number;
      /** @description of a lot that opens; of a known lot: its dates are these now, expiresAt included, and never when that is absent */
      readonly availableAt?: string;
      /** @description alone on a known lot: its expiry was put off to it by hand, which no later rating shortens */
      readonly expiresAt?: string;
      /** @description when what earned the lot happened, where it is not the posting's */
      readonly earnedAt?: string;
      /** @description change of what holds keep of the lot. Absent when 0 */
      readonly held?: number;
      /** @description change of what lapsed of the lot and can be reinstated. Absent when 0 */
      readonly expired?: number;
      /** @description the lot of the other account that it came from */
      readonly from?: string;
    };
    /** @enum {string} */
    readonly LotPhase: 'pending' | 'usable' | 'lapsed';
    readonly LotView: {
      readonly lot: string;
      readonly currency: string;
      readonly award: string;
      readonly granted: number;
      readonly remaining: number;
      readonly state: components['schemas']['LotPhase'] | 'empty';
      /** Format: date-time */
      readonly earnedAt: string;
      /** Format: date-time */
      readonly availableAt: string;
      readonly expiresAt: string | null;
      /** @description Of what remains. */
      readonly worth: components['schemas']['MoneyView'] | null;
    };
    /** @description Money as it goes over the wire. */
    readonly MoneyView: {
      readonly amount: string;
      readonly currency: string;
    };
    /** @description Points with what they are worth: all of them, and those that are expected to be redeemed. Null without a program. */
    readonly Owed: {
      readonly points: number;
      readonly faceValue: components['schemas']['MoneyView'] | null;
      readonly liability: components['schemas']['MoneyView'] | null;
    };
    /**
     * @description Why a quote is not the whole order.
     * @enum {string}
     */
    readonly QuoteLimit: 'none' | 'minimum-order' | 'minimum-points' | 'maximum' | 'balance' | 'step';
    readonly RedemptionView: {
      readonly id: string;
      readonly member: string;
      readonly currency: string;
      readonly points: number;
      /** @description Points that came back. */
      readonly reversed: number;
      readonly lots: readonly components['schemas']['SpentShare'][];
      /** Format: date-time */
      readonly redeemedAt: string;
      /** @description The hold that it captured. */
      readonly hold?: string;
      readonly reference?: string;
    };
    readonly RowResult: {
      readonly row: string;
      /**
       * @description `already`: the same row was imported before; nothing was done.
       * @enum {string}
       */
      readonly outcome: 'imported' | 'already' | 'refused';
      readonly currency?: string;
      readonly points?: number;
      readonly problem?: components['schemas']['Problem'];
    };
    readonly Sentence: {
      readonly en: string;
      readonly 'zh-CN': string;
    };
    /** @description Points of one lot that were spent, and what of them came back. */
    readonly SpentShare: {
      readonly lot: string;
      readonly points: number;
      readonly returned: number;
    };
    readonly StatementLine: {
      readonly id: string;
      readonly type: string;
      readonly currency: string;
      /** @description Change of the net. */
      readonly points: number;
      /** @description Of `points`, without their sign, or of `moved` where they are 0. */
      readonly worth: components['schemas']['MoneyView'] | null;
      /** @description Points that changed bucket or paid debt. */
      readonly moved?: number;
      readonly balance: components['schemas']['Balance'];
      readonly reason: string;
      readonly award?: string;
      readonly rule?: string;
      readonly cause?: components['schemas']['Cause'];
      readonly lots: readonly components['schemas']['LotMovement'][];
      /** Format: date-time */
      readonly occurredAt: string;
      /** Format: date-time */
      readonly recordedAt: string;
      /** Format: date-time */
      readonly effectiveAt: string;
      readonly text: components['schemas']['Sentence'];
    };
    readonly TransferView: {
      readonly id: string;
      /** @enum {string} */
      readonly kind: 'transfer' | 'merge' | 'unmerge';
      readonly from: string;
      readonly to: string;
      readonly currency: string;
      readonly points: number;
      /** @enum {string} */
      readonly state: 'in-flight' | 'settled' | 'returned' | 'received' | 'refused';
      /** Format: date-time */
      readonly sentAt: string;
    };
    /**
     * @description What counts: `lifetime-points` and `points` differ in that the latter are counted in a window.
     * @enum {string}
     */
    readonly Basis: 'lifetime-points' | 'points' | 'spend' | 'orders';
    readonly Benefit: {
      readonly code: string;
      readonly name: {
        readonly [key: string]: string;
      };
      readonly value?: string;
    };
    /** @description When a tier is looked at again, which is the only time that it can fall. */
    readonly Review: {
      /**
       * @description At starts of calendar periods, at anniversaries of joining, or so long after the tier was reached or last kept; rolling: on the first day before which the window no longer held what keeps the tier.
       * @enum {string}
       */
      readonly clock: 'calendar' | 'anniversary' | 'tier-start' | 'rolling';
      /** @description How often; 0 of a rolling one. */
      readonly months: number;
      /**
       * @description How far a tier falls that was not kept: to the next lower one, or to the highest lower one that what counts would keep.
       * @enum {string}
       */
      readonly fall: 'one-step' | 'to-fit';
      /** @description Days after the review in which what is missing may still be earned. */
      readonly graceDays: number;
      /** @description Days before the review from which on a member is told what is missing. */
      readonly noticeDays: number;
    };
    /** @description A step of the ladder. `threshold` is reached at or above it; `multiplier` is a decimal factor, used by rules only. */
    readonly Tier: {
      readonly code: string;
      readonly name: {
        readonly [key: string]: string;
      };
      readonly threshold: number;
      /** @description What a review asks for to keep the tier; the threshold when absent. */
      readonly keep?: number;
      readonly multiplier: string;
      /** @description How it is shown: sRGB `#rrggbb`, and a reference that the showing system understands. */
      readonly badge?: {
        readonly colour: string;
        readonly icon?: string;
      };
      /** @description What it gives besides points: data that other systems act on. */
      readonly benefits?: readonly components['schemas']['Benefit'][];
    };
    /** @description A tier that holds for every instant after `since`, until after the next entry's: never at `since` itself. */
    readonly TierSince: {
      readonly tier: string;
      /** Format: date-time */
      readonly since: string;
    };
    /** @description A period of the calendar, or that day and those before it back to the day after the same date so many months earlier, or what came since the tier was last reached, kept or lost. */
    readonly Window:
      | {
          /** @enum {string} */
          readonly per: 'month' | 'quarter' | 'half' | 'year';
        }
      | {
          readonly months: number;
        }
      | {
          /** @constant */
          readonly since: 'change';
        };
    /** @enum {string} */
    readonly ChannelName: 'inbox' | 'email' | 'webhook' | 'log' | 'sms' | 'wechat' | 'wecom';
    /** @enum {string} */
    readonly DeliveryState: 'pending' | 'delivered' | 'dead';
    readonly DeliveryView: {
      readonly type: string;
      readonly state: components['schemas']['DeliveryState'];
      readonly attempts: number;
      readonly nextAttemptAt?: string;
      readonly lastAttemptAt?: string;
      readonly lastStatus?: number;
      readonly lastError?: string;
      /** @description The beginning of what the receiver answered last. */
      readonly lastAnswer?: string;
      readonly lastMillis?: number;
      readonly createdAt: string;
      readonly deliveredAt?: string;
      /** @description When it was last put in again by a replay. */
      readonly replayedAt?: string;
      /** @description SHA-256 of the body, in hex, where it was dropped with its member: it cannot be sent again. */
      readonly erased?: string;
      /** @description Id of the event, and `webhook-id` of every attempt. */
      readonly id: string;
      readonly member: string;
    };
    /** @enum {string} */
    readonly EndpointStatus: 'enabled' | 'disabled';
    readonly EndpointView: {
      readonly id: string;
      readonly url: string;
      readonly description?: string;
      readonly events: components['schemas']['EventFilter'];
      readonly status: components['schemas']['EndpointStatus'];
      readonly signature: components['schemas']['SignatureScheme'];
      readonly disabledReason?: string;
      /** @description How many secrets sign: two for a while after a rotation. */
      readonly secretsInForce: number;
      readonly createdAt: string;
    };
    /** @description Event types that an endpoint wants: exact (`points.earned`), a family (`points.*`) or everything (`*`). */
    readonly EventFilter: readonly string[];
    /** @description A08: what an app shows, and where a tap leads. */
    readonly InboxItem: {
      readonly id: number;
      readonly trigger: components['schemas']['Trigger'];
      readonly title: string;
      readonly body: string;
      readonly deepLink: string;
      readonly language: string;
      readonly occurredAt: string;
      readonly at: string;
      readonly readAt?: string;
    };
    /** @enum {string} */
    readonly Language: 'en' | 'zh';
    readonly LocalText: {
      readonly en: string;
      readonly zh: string;
    };
    /** @description What becomes of one kind of news. */
    readonly MessageRule: {
      readonly trigger: components['schemas']['Trigger'];
      readonly channels: readonly components['schemas']['ChannelName'][];
      /** @description Waits so long for more of the same, which then are one message. 0: at once. */
      readonly digestMinutes?: number;
      /** @description Goes out in quiet hours and beyond the daily cap. */
      readonly urgent?: boolean;
      /** @description Fewer points are not worth a message. */
      readonly minimumPoints?: number;
      /** @description Instead of the built-in texts. */
      readonly templates?: {
        readonly en?: components['schemas']['Template'];
        readonly zh?: components['schemas']['Template'];
      };
    };
    /** @enum {string} */
    readonly MessageState: 'pending' | 'sent' | 'merged' | 'skipped' | 'dead';
    readonly MessageView: {
      readonly language?: components['schemas']['Language'];
      readonly title?: string;
      readonly body?: string;
      readonly link?: string;
      readonly id: number;
      readonly trigger: components['schemas']['Trigger'];
      readonly source: string;
      readonly channel: string;
      readonly state: components['schemas']['MessageState'];
      readonly attempts: number;
      readonly dueAt?: string;
      readonly reason?: string;
      readonly mergedInto?: number;
      readonly occurredAt: string;
      readonly createdAt: string;
      readonly endedAt?: string;
      readonly readAt?: string;
      readonly member: string;
    };
    /** @description Hours of the wall clock, `HH:mm`; over midnight when `to` is not after `from`. */
    readonly QuietHours: {
      readonly from: string;
      readonly to: string;
    };
    /** @description A reward that members are told about once their points are enough for it. */
    readonly RewardThreshold: {
      readonly currency: string;
      readonly points: number;
      readonly name: components['schemas']['LocalText'];
    };
    /** @enum {string} */
    readonly SignatureScheme: 'v1' | 'v1a';
    /** @description Liquid templates of one language. */
    readonly Template: {
      readonly title: string;
      readonly body: string;
      /** @description Where a tap leads. */
      readonly link?: string;
    };
    /** @enum {string} */
    readonly Trigger:
      | 'points-credited'
      | 'points-taken-back'
      | 'points-redeemed'
      | 'points-refunded'
      | 'points-held'
      | 'points-adjusted'
      | 'points-expiring'
      | 'reward-in-reach'
      | 'account-frozen'
      | 'account-unfrozen'
      | 'tier-changed'
      | 'near-upgrade'
      | 'tier-kept'
      | 'tier-will-fall';
    /**
     * Order
     * @description Canonical order: a full snapshot of the order as the source sees it, never a delta. Either member or identity names the member.
     */
    readonly Order: {
      readonly program?: string;
      readonly member?: string;
      readonly identity?: {
        /** @description kind of identity, e.g. phone-hash, wecom, shop-customer */
        readonly namespace: string;
        readonly value: string;
      };
      /** @description system that owns the order, e.g. erp or shop */
      readonly source: string;
      readonly orderId: string;
      /** @description grows with every change of the order; a higher one replaces a lower one */
      readonly revision: number;
      /** @enum {string} */
      readonly status: 'placed' | 'paid' | 'shipped' | 'completed' | 'cancelled';
      /**
       * Format: date-time
       * @description when this state came about at the source
       */
      readonly occurredAt: string;
      /** Format: date-time */
      readonly placedAt: string;
      /** Format: date-time */
      readonly paidAt?: string;
      /** Format: date-time */
      readonly completedAt?: string;
      readonly currency: string;
      readonly lines: readonly {
        readonly lineId: string;
        readonly sku: string;
        readonly productId?: string;
        readonly category?: string;
        readonly quantity: number;
        /** @description price × quantity before discount */
        readonly amount: string;
        readonly discount?: string;
        readonly tax?: string;
        readonly tags?: readonly string[];
        /** @description total returned so far */
        readonly refundedQuantity?: number;
        /** @description total refunded so far, in the terms of what was paid for the line */
        readonly refundedAmount?: string;
        readonly isGift?: boolean;
      }[];
      readonly shipping?: string;
      readonly orderDiscount?: string;
      readonly payments?: readonly {
        /** @enum {string} */
        readonly kind: 'cash' | 'points' | 'gift-card' | 'store-credit';
        readonly amount: string;
      }[];
      readonly pricesIncludeTax?: boolean;
      readonly channel?: string;
      readonly store?: string;
      readonly attributes?: {
        readonly [key: string]: string | number | boolean | null;
      };
    };
    /**
     * OrderRefund
     * @description A refund notice without its order: merged into the known snapshot, each refundId once.
     */
    readonly OrderRefund: {
      readonly program?: string;
      readonly source: string;
      readonly refundId: string;
      readonly orderId: string;
      /** Format: date-time */
      readonly occurredAt: string;
      readonly lines?: readonly {
        readonly lineId: string;
        readonly quantity?: number;
        readonly amount: string;
      }[];
      /** @description refund of the order as a whole, when the lines are not known */
      readonly amount?: string;
    };
    /**
     * Activity
     * @description Anything else a member does. Types are open; identity is (program, source, id).
     */
    readonly Activity: {
      readonly program?: string;
      readonly source: string;
      readonly id: string;
      readonly type: string;
      readonly member?: string;
      readonly identity?: {
        /** @description kind of identity, e.g. phone-hash, wecom, shop-customer */
        readonly namespace: string;
        readonly value: string;
      };
      /** Format: date-time */
      readonly occurredAt: string;
      readonly data?: {
        readonly [key: string]: string | number | boolean | null;
      };
    };
    /**
     * MemberProfile
     * @description Facts about a member that rules may use, and the identities by which sources know it. Nothing that names a person.
     */
    readonly MemberProfile: {
      readonly identities?: readonly {
        /** @description kind of identity, e.g. phone-hash, wecom, shop-customer */
        readonly namespace: string;
        readonly value: string;
      }[];
      readonly facts?: {
        readonly [key: string]: (string | number | boolean) | readonly string[];
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  readonly DoorsController_orders: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['Order'] | readonly components['schemas']['Order'][];
      };
    };
    readonly responses: {
      /** @description Everything that counts is durable. Records that were refused are named by index and kept under /v1/rejected. */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly accepted: number;
            readonly duplicates: number;
            readonly stale: number;
            readonly waiting: number;
            readonly rejected: readonly {
              readonly index: number;
              readonly id: string;
              readonly problem: components['schemas']['Problem'];
            }[];
            /** @description Absent when nothing has a place in the log. */
            readonly position?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly DoorsController_refunds: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json':
          components['schemas']['OrderRefund'] | readonly components['schemas']['OrderRefund'][];
      };
    };
    readonly responses: {
      /** @description Everything that counts is durable. Records that were refused are named by index and kept under /v1/rejected. */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly accepted: number;
            readonly duplicates: number;
            readonly stale: number;
            readonly waiting: number;
            readonly rejected: readonly {
              readonly index: number;
              readonly id: string;
              readonly problem: components['schemas']['Problem'];
            }[];
            /** @description Absent when nothing has a place in the log. */
            readonly position?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly DoorsController_activities: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['Activity'] | readonly components['schemas']['Activity'][];
      };
    };
    readonly responses: {
      /** @description Everything that counts is durable. Records that were refused are named by index and kept under /v1/rejected. */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly accepted: number;
            readonly duplicates: number;
            readonly stale: number;
            readonly waiting: number;
            readonly rejected: readonly {
              readonly index: number;
              readonly id: string;
              readonly problem: components['schemas']['Problem'];
            }[];
            /** @description Absent when nothing has a place in the log. */
            readonly position?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly MemberController_put: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['MemberProfile'];
      };
    };
    readonly responses: {
      /** @description Durable; the same again changes nothing. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly member: string;
            /** @description Absent while the member has no facts. */
            readonly position?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly StandingController_read: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly member: string;
            readonly standing: components['schemas']['Standing'];
            readonly reason?: components['schemas']['StandingReason'];
            readonly actor?: string;
            readonly at?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly StandingController_change: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['StandingBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly member: string;
            readonly standing: components['schemas']['Standing'];
            /** @description Of the change in the log `member`; absent when the member was active already. */
            readonly position?: string;
            /** @description Identities unlinked, and kept records and dead letters whose bytes were dropped, by this request; of an erased member. */
            readonly forgotten?: components['schemas']['Forgotten'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RejectedController_list: {
    readonly parameters: {
      readonly query?: {
        readonly kind?: 'order' | 'order-refund' | 'activity';
        readonly code?: string;
        readonly source?: string;
        readonly state?: 'open' | 'redriven' | 'all';
        readonly cursor?: string;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['KeptSummary'][];
            readonly next?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RejectedController_one: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            readonly kind: components['schemas']['RecordKind'];
            readonly source: string;
            readonly problem: components['schemas']['Problem'];
            readonly size: number;
            readonly receivedAt: string;
            readonly via: components['schemas']['Via'];
            readonly redrivenAt?: string;
            readonly outcome?: string;
            /** @description The record as text, or in base64 when it is none. */
            readonly body: string;
            /** @enum {string} */
            readonly encoding: 'utf-8' | 'base64';
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RejectedController_waiting: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['WaitingSummary'][];
            readonly next?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RejectedController_again: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['RedriveDto'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly dryRun: boolean;
            readonly examined: number;
            readonly accepted: number;
            readonly duplicates: number;
            readonly stale: number;
            readonly waiting: number;
            readonly rejected: readonly {
              readonly id: string;
              readonly problem: components['schemas']['Problem'];
            }[];
            /** @description Where the next call goes on, when there is more than one call does. */
            readonly next?: number;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ProgramController_draft: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly document: unknown;
            /** @description Grows with every change. */
            readonly revision: number;
            /** Format: date-time */
            readonly updatedAt: string;
            /** @description Id of the key. */
            readonly updatedBy: string;
            readonly updatedByName?: string;
          };
          readonly 'application/yaml': string;
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ProgramController_save: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly [key: string]: unknown;
        };
        readonly 'application/yaml': {
          readonly [key: string]: unknown;
        };
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly revision: number;
            readonly violations: readonly components['schemas']['LocatedViolation'][];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ProgramController_validate: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly [key: string]: unknown;
        };
        readonly 'application/yaml': {
          readonly [key: string]: unknown;
        };
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly valid: boolean;
            readonly violations: readonly components['schemas']['LocatedViolation'][];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ProgramController_publish: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description ETag of the draft as it was read */
        readonly 'if-match'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['PublishBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly version: number;
            /** Format: date-time */
            readonly effectiveFrom: string;
            /** @description Where it stands in the program log: a reader of programs can wait for it. */
            readonly token?: string;
            /** @description False: the newest version says the same already, and nothing was written. */
            readonly published: boolean;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ProgramController_diff: {
    readonly parameters: {
      readonly query?: {
        readonly from?: string;
        readonly to?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly rules: {
              readonly added: readonly string[];
              readonly removed: readonly string[];
              readonly changed: readonly components['schemas']['RuleChange'][];
              /** @description Whether rules that both have stand in another order, which decides between rules of a group. */
              readonly reordered: boolean;
            };
            /** @description Everything but the rules. */
            readonly settings: readonly components['schemas']['FieldChange'][];
            readonly from: string;
            readonly to: string;
            readonly same: boolean;
            /** @description As `diff -u` of the two as YAML. */
            readonly text: string;
          };
          readonly 'text/plain': string;
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ProgramController_versions: {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        readonly cursor?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['VersionView'][];
            readonly next?: number;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ProgramController_version: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly version: number;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly document: unknown;
            /** Format: date-time */
            readonly publishedAt: string;
            /** @description Id of the key. */
            readonly publishedBy: string;
            /** @description What the key was called. */
            readonly publishedByName?: string;
            /** @description The older version that this one says again. */
            readonly copyOf?: number;
            readonly program: string;
            readonly version: number;
            /** Format: date-time */
            readonly effectiveFrom: string;
            readonly state: components['schemas']['VersionState'];
            /**
             * Format: date-time
             * @description When a later version took or takes over; the version's own instant when it never held.
             */
            readonly supersededAt?: string;
          };
          readonly 'application/yaml': string;
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SimulateController_simulate: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['SimulateBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description 0 for what is not published. */
            readonly programVersion: number;
            readonly awards: readonly components['schemas']['RatedAward'][];
            /** @description Points by currency. */
            readonly totals: {
              readonly [key: string]: number;
            };
            /** @description Points by currency that would wait for approval; absent where none would. */
            readonly waiting?: {
              readonly [key: string]: number;
            };
            readonly explanation: components['schemas']['TraceInWords'];
            readonly trace: components['schemas']['Trace'];
            /** @description Cost in money, and what changes by rule and by tier against the version in force then; absent where none was. */
            readonly comparison?: {
              readonly baseline: string;
              readonly members: number;
              readonly causes: number;
              readonly totals: readonly {
                readonly currency: string;
                readonly cost: {
                  readonly candidate: {
                    readonly amount: string;
                    readonly currency: string;
                  };
                  readonly baseline: {
                    readonly amount: string;
                    readonly currency: string;
                  };
                };
                readonly candidate: number;
                readonly baseline: number;
                readonly change: number;
              }[];
              readonly rules: readonly {
                readonly rule: string;
                readonly currency: string;
                readonly candidate: number;
                readonly baseline: number;
                readonly change: number;
              }[];
              /** @description By the tier in force when it was earned. */
              readonly tiers: readonly {
                readonly tier: string;
                readonly currency: string;
                readonly candidate: number;
                readonly baseline: number;
                readonly change: number;
              }[];
              readonly affected: {
                /** @description Members whose points differ. */
                readonly members: number;
                readonly most: readonly {
                  readonly member: string;
                  readonly currency: string;
                  readonly candidate: number;
                  readonly baseline: number;
                  readonly change: number;
                }[];
              };
              /** @description Tiers by the points of the simulated history alone, under each program's ladder. Empty where that cannot be told. */
              readonly migration: readonly {
                readonly from: string;
                readonly to: string;
                readonly members: number;
              }[];
              /** @description Why nobody's tier can be told; absent where it can. */
              readonly migrationUnknown?: {
                readonly en: string;
                readonly zh: string;
              };
              readonly costGate: {
                readonly revenue: {
                  readonly amount: string;
                  readonly currency: string;
                };
                readonly cost: {
                  readonly amount: string;
                  readonly currency: string;
                };
                /** @description Cost in percent of revenue; absent without revenue. */
                readonly percent?: string;
                readonly limit: string;
                readonly within: boolean;
              };
            };
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SimulationController_list: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly {
              readonly id: string;
              readonly program: string;
              readonly state: components['schemas']['JobState'];
              readonly requestedBy: string;
              readonly requestedByName: string;
              /** Format: date-time */
              readonly createdAt: string;
              /** Format: date-time */
              readonly finishedAt?: string;
              /** @description Events read, of how many there are. */
              readonly done: number;
              readonly total: number;
              /** @description Why it failed. */
              readonly problem?: string;
            }[];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SimulationController_ask: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['SimulationBody'];
      };
    };
    readonly responses: {
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            readonly state: components['schemas']['JobState'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SimulationController_one: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            readonly program: string;
            readonly state: components['schemas']['JobState'];
            readonly requestedBy: string;
            readonly requestedByName: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly finishedAt?: string;
            /** @description Events read, of how many there are. */
            readonly done: number;
            readonly total: number;
            readonly report?: components['schemas']['HistoryReport'];
            /** @description Why it failed. */
            readonly problem?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SimulationController_cancel: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            readonly program: string;
            readonly state: components['schemas']['JobState'];
            readonly requestedBy: string;
            readonly requestedByName: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly finishedAt?: string;
            /** @description Events read, of how many there are. */
            readonly done: number;
            readonly total: number;
            readonly report?: components['schemas']['HistoryReport'];
            /** @description Why it failed. */
            readonly problem?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ShadowController_report: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description Items of live traffic that were rated under both programs. */
            readonly rated: number;
            /** @description Items that were let pass because the service was busy, or the queue or the memory of the shadow full. */
            readonly dropped: number;
            readonly membersNotFollowed: number;
            readonly members: number;
            readonly causes: number;
            readonly totals: readonly {
              readonly currency: string;
              readonly cost: {
                readonly candidate: {
                  readonly amount: string;
                  readonly currency: string;
                };
                readonly baseline: {
                  readonly amount: string;
                  readonly currency: string;
                };
              };
              readonly candidate: number;
              readonly baseline: number;
              readonly change: number;
            }[];
            readonly rules: readonly {
              readonly rule: string;
              readonly currency: string;
              readonly candidate: number;
              readonly baseline: number;
              readonly change: number;
            }[];
            /** @description By the tier in force when it was earned. */
            readonly tiers: readonly {
              readonly tier: string;
              readonly currency: string;
              readonly candidate: number;
              readonly baseline: number;
              readonly change: number;
            }[];
            readonly affected: {
              /** @description Members whose points differ. */
              readonly members: number;
              readonly most: readonly {
                readonly member: string;
                readonly currency: string;
                readonly candidate: number;
                readonly baseline: number;
                readonly change: number;
              }[];
            };
            /** @description Tiers by the points of the simulated history alone, under each program's ladder. Empty where that cannot be told. */
            readonly migration: readonly {
              readonly from: string;
              readonly to: string;
              readonly members: number;
            }[];
            /** @description Why nobody's tier can be told; absent where it can. */
            readonly migrationUnknown?: {
              readonly en: string;
              readonly zh: string;
            };
            readonly costGate: {
              readonly revenue: {
                readonly amount: string;
                readonly currency: string;
              };
              readonly cost: {
                readonly amount: string;
                readonly currency: string;
              };
              /** @description Cost in percent of revenue; absent without revenue. */
              readonly percent?: string;
              readonly limit: string;
              readonly within: boolean;
            };
            readonly candidate: string;
            readonly baseline: string;
            readonly percent: number;
            /** Format: date-time */
            readonly startedAt: string;
            readonly startedBy: string;
            readonly startedByName: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ShadowController_start: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ShadowBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description Items of live traffic that were rated under both programs. */
            readonly rated: number;
            /** @description Items that were let pass because the service was busy, or the queue or the memory of the shadow full. */
            readonly dropped: number;
            readonly membersNotFollowed: number;
            readonly members: number;
            readonly causes: number;
            readonly totals: readonly {
              readonly currency: string;
              readonly cost: {
                readonly candidate: {
                  readonly amount: string;
                  readonly currency: string;
                };
                readonly baseline: {
                  readonly amount: string;
                  readonly currency: string;
                };
              };
              readonly candidate: number;
              readonly baseline: number;
              readonly change: number;
            }[];
            readonly rules: readonly {
              readonly rule: string;
              readonly currency: string;
              readonly candidate: number;
              readonly baseline: number;
              readonly change: number;
            }[];
            /** @description By the tier in force when it was earned. */
            readonly tiers: readonly {
              readonly tier: string;
              readonly currency: string;
              readonly candidate: number;
              readonly baseline: number;
              readonly change: number;
            }[];
            readonly affected: {
              /** @description Members whose points differ. */
              readonly members: number;
              readonly most: readonly {
                readonly member: string;
                readonly currency: string;
                readonly candidate: number;
                readonly baseline: number;
                readonly change: number;
              }[];
            };
            /** @description Tiers by the points of the simulated history alone, under each program's ladder. Empty where that cannot be told. */
            readonly migration: readonly {
              readonly from: string;
              readonly to: string;
              readonly members: number;
            }[];
            /** @description Why nobody's tier can be told; absent where it can. */
            readonly migrationUnknown?: {
              readonly en: string;
              readonly zh: string;
            };
            readonly costGate: {
              readonly revenue: {
                readonly amount: string;
                readonly currency: string;
              };
              readonly cost: {
                readonly amount: string;
                readonly currency: string;
              };
              /** @description Cost in percent of revenue; absent without revenue. */
              readonly percent?: string;
              readonly limit: string;
              readonly within: boolean;
            };
            readonly candidate: string;
            readonly baseline: string;
            readonly percent: number;
            /** Format: date-time */
            readonly startedAt: string;
            readonly startedBy: string;
            readonly startedByName: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ShadowController_stop: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description Items of live traffic that were rated under both programs. */
            readonly rated: number;
            /** @description Items that were let pass because the service was busy, or the queue or the memory of the shadow full. */
            readonly dropped: number;
            readonly membersNotFollowed: number;
            readonly members: number;
            readonly causes: number;
            readonly totals: readonly {
              readonly currency: string;
              readonly cost: {
                readonly candidate: {
                  readonly amount: string;
                  readonly currency: string;
                };
                readonly baseline: {
                  readonly amount: string;
                  readonly currency: string;
                };
              };
              readonly candidate: number;
              readonly baseline: number;
              readonly change: number;
            }[];
            readonly rules: readonly {
              readonly rule: string;
              readonly currency: string;
              readonly candidate: number;
              readonly baseline: number;
              readonly change: number;
            }[];
            /** @description By the tier in force when it was earned. */
            readonly tiers: readonly {
              readonly tier: string;
              readonly currency: string;
              readonly candidate: number;
              readonly baseline: number;
              readonly change: number;
            }[];
            readonly affected: {
              /** @description Members whose points differ. */
              readonly members: number;
              readonly most: readonly {
                readonly member: string;
                readonly currency: string;
                readonly candidate: number;
                readonly baseline: number;
                readonly change: number;
              }[];
            };
            /** @description Tiers by the points of the simulated history alone, under each program's ladder. Empty where that cannot be told. */
            readonly migration: readonly {
              readonly from: string;
              readonly to: string;
              readonly members: number;
            }[];
            /** @description Why nobody's tier can be told; absent where it can. */
            readonly migrationUnknown?: {
              readonly en: string;
              readonly zh: string;
            };
            readonly costGate: {
              readonly revenue: {
                readonly amount: string;
                readonly currency: string;
              };
              readonly cost: {
                readonly amount: string;
                readonly currency: string;
              };
              /** @description Cost in percent of revenue; absent without revenue. */
              readonly percent?: string;
              readonly limit: string;
              readonly within: boolean;
            };
            readonly candidate: string;
            readonly baseline: string;
            readonly percent: number;
            /** Format: date-time */
            readonly startedAt: string;
            readonly startedBy: string;
            readonly startedByName: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RatingController_ratings: {
    readonly parameters: {
      readonly query?: {
        /** @description A token that a write answered with: the read waits until it is included, 504 after five seconds */
        readonly after?: string;
        readonly limit?: number;
        readonly cursor?: string;
        readonly explain?: 'true' | 'false';
        readonly recompute?: 'true' | 'false';
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['RatingView'][];
            readonly next?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RatingController_progress: {
    readonly parameters: {
      readonly query?: {
        /** @description A token that a write answered with: the read waits until it is included, 504 after five seconds */
        readonly after?: string;
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly member: string;
            /** Format: date-time */
            readonly at: string;
            /** @description 0 when none is in force. */
            readonly programVersion: number;
            readonly data: readonly components['schemas']['Goal'][];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RatingController_referral: {
    readonly parameters: {
      readonly query?: {
        /** @description A token that a write answered with: the read waits until it is included, 504 after five seconds */
        readonly after?: string;
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly member: string;
            readonly referrer: string;
            readonly state: components['schemas']['ReferralStanding'];
            /** @description Of what is refused or lapsed. */
            readonly reason?: components['schemas']['ReferralReason'];
            readonly registration: {
              readonly source: string;
              readonly id: string;
              /** Format: date-time */
              readonly at: string;
            };
            /** @description The order or activity that decided it. */
            readonly decidedBy?: {
              /** @enum {string} */
              readonly kind: 'order' | 'activity';
              readonly source: string;
              readonly id: string;
              /** Format: date-time */
              readonly at: string;
            };
            /**
             * Format: date-time
             * @description Before when the member must qualify.
             */
            readonly until?: string;
            readonly programVersion: number;
            /** @description Where the referrer's points of it stand in the rating log, for `?after=` of its balance; absent until there are any. */
            readonly position?: string;
            readonly en: string;
            readonly zh: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RatingController_award: {
    readonly parameters: {
      readonly query?: {
        /** @description A token that a write answered with: the read waits until it is included, 504 after five seconds */
        readonly after?: string;
        readonly recompute?: 'true' | 'false';
      };
      readonly header?: never;
      readonly path: {
        readonly awardId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly awardId: string;
            readonly member: string;
            readonly currency: string;
            readonly target: number;
            readonly availableAt: string;
            readonly expiresAt?: string;
            readonly rule: {
              readonly id: string;
              readonly version: number;
              readonly name?: {
                readonly en: string;
                readonly zh: string;
              };
            };
            readonly cause: components['schemas']['Cause'];
            readonly occurredAt: string;
            readonly tier?: string;
            /** @description What was decided, where somebody approves the points of the rule. */
            readonly approval?: components['schemas']['Approval'];
            readonly en: readonly string[];
            readonly zh: readonly string[];
            /** @description The other rules of the version: what they gave, or why nothing. */
            readonly others: readonly components['schemas']['RuleInWords'][];
            /** @description Whether rating again from the stored inputs gives the same bytes. Asked for by name, an award of a window or of a rule that pays once is also worked out again from the last rating of everything that counts for it: `causes` of them. */
            readonly recomputed: {
              readonly equal: boolean;
              readonly trace: string;
              readonly causes?: number;
            };
            readonly trace: components['schemas']['Trace'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly BudgetController_budgets: {
    readonly parameters: {
      readonly query?: {
        readonly at?: string;
        readonly value?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** Format: date-time */
            readonly at: string;
            /** @description 0 when none is in force. */
            readonly programVersion: number;
            readonly data: readonly components['schemas']['BudgetView'][];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ApprovalController_list: {
    readonly parameters: {
      readonly query?: {
        /** @description A token that a write answered with: the read waits until it is included, 504 after five seconds */
        readonly after?: string;
        readonly state?: 'waiting' | 'approved' | 'rejected' | 'withdrawn';
        readonly rule?: string;
        readonly member?: string;
        readonly limit?: number;
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['ApprovalView'][];
            readonly next?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ApprovalController_decideMany: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['RulingsBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly approved: number;
            readonly rejected: number;
            /** @description They held already. */
            readonly unchanged: number;
            readonly refused: readonly {
              readonly index: number;
              readonly awardId: string;
              readonly problem: components['schemas']['Problem'];
            }[];
            /** @description For `?after=` of reads of this service; absent when nothing was written. */
            readonly position?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ApprovalController_decideOne: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly awardId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['RulingBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /**
             * @description waiting: more is due than was approved; withdrawn: nothing is due and nobody decided
             * @enum {string}
             */
            readonly state: 'waiting' | 'approved' | 'rejected' | 'withdrawn';
            /** @description what the award would total if all of it were approved */
            readonly due: number;
            /** @description up to how many points were approved */
            readonly approved: number;
            readonly decision?: components['schemas']['Decision'];
            readonly awardId: string;
            readonly member: string;
            readonly rule: string;
            readonly currency: string;
            /** @description What it is for, and when that happened. */
            readonly cause: {
              readonly source: string;
              readonly id: string;
            };
            readonly occurredAt: string;
            /** @description What is granted now. */
            readonly target: number;
            /** @description What somebody is to decide about. */
            readonly waiting: number;
            /** @description When it came into its state. */
            readonly since: string;
            readonly changed: boolean;
            readonly position?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly PreviewController_preview: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CartPreviewBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description Absent: rated for somebody of whom nothing is known. */
            readonly member?: string;
            /** Format: date-time */
            readonly at: string;
            /** @description 0 when none is in force. */
            readonly programVersion: number;
            /** @description The tier that it is rated by, with its multiplier; absent where no rule looks at tiers. */
            readonly tier?: {
              readonly code: string;
              readonly name: {
                readonly en: string;
                readonly zh: string;
              };
              readonly multiplier: string;
            };
            /** @description Points by currency, in its smallest unit. */
            readonly totals: {
              readonly [key: string]: number;
            };
            /** @description Points by currency that would wait for approval; absent where none would. */
            readonly waiting?: {
              readonly [key: string]: number;
            };
            /** @description What each rule for orders gives, or why nothing; and what else the cart changes, such as a target that it reaches. */
            readonly rules: readonly components['schemas']['RuleGain'][];
            /** @description How much more in this cart gives how much more. */
            readonly missing: readonly components['schemas']['Missing'][];
            /** @description Rules of which that cannot be told: their condition is an expression that does not hold. Absent where there are none. */
            readonly untold?: readonly string[];
            /** @description Targets over several orders that the member is on the way to, the cart counted in. */
            readonly goals: readonly components['schemas']['Goal'][];
            readonly en: readonly string[];
            readonly zh: readonly string[];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly LedgerController_balance: {
    readonly parameters: {
      readonly query?: {
        /** @description A token that a write answered with: the read waits until it is included, 504 after five seconds */
        readonly after?: string;
        /** @description As it stood at this instant: back-dated postings count from when they took effect. Default: `knownAt` */
        readonly asOf?: string;
        /** @description Only what was recorded until then: together with no `asOf`, what was shown then. Default: now */
        readonly knownAt?: string;
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly member: string;
            /**
             * Format: date-time
             * @description The instant that the clock-dependent figures are for.
             */
            readonly asOf: string;
            /**
             * Format: date-time
             * @description Only what was recorded until then is in it.
             */
            readonly knownAt: string;
            /** @description Token of the ledger log: all postings up to it are in, none after. */
            readonly asOfPosition: string;
            readonly data: readonly components['schemas']['BalanceView'][];
            /** @description Where nothing was ever posted: where to read why. */
            readonly explanation?: {
              readonly en: string;
              readonly zh: string;
            };
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly LedgerController_statement: {
    readonly parameters: {
      readonly query?: {
        /** @description A token that a write answered with: the read waits until it is included, 504 after five seconds */
        readonly after?: string;
        readonly limit?: number;
        /** @description `next` of the page before */
        readonly cursor?: string;
        /** @description Only this currency */
        readonly currency?: string;
        /** @description Recorded at this instant or later */
        readonly from?: string;
        /** @description Recorded before this instant */
        readonly to?: string;
        /** @description Only these types of posting, by comma */
        readonly type?: string;
        /** @description Only postings made for these reasons, by comma */
        readonly reason?: string;
        /** @description Only what this source caused */
        readonly source?: string;
        /** @description Only what this order or activity caused, or what was held or spent for it */
        readonly order?: string;
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['StatementLine'][];
            /** @description Cursor of the next page; null at the end. */
            readonly next: string | null;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly LedgerController_lots: {
    readonly parameters: {
      readonly query?: {
        /** @description A token that a write answered with: the read waits until it is included, 504 after five seconds */
        readonly after?: string;
        readonly limit?: number;
        /** @description `next` of the page before */
        readonly cursor?: string;
        /** @description Only this currency */
        readonly currency?: string;
        /** @description open: something is left; usable, pending, lapsed: of those, by the clock; empty: nothing left */
        readonly state?: 'open' | 'usable' | 'pending' | 'lapsed' | 'empty' | 'all';
        /** @description Only lots of this award */
        readonly award?: string;
        /** @description Only lots that lapse by this instant */
        readonly expiresBy?: string;
        /** @description As it stood at this instant: back-dated postings count from when they took effect. Default: `knownAt` */
        readonly asOf?: string;
        /** @description Only what was recorded until then: together with no `asOf`, what was shown then. Default: now */
        readonly knownAt?: string;
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['LotView'][];
            /** @description Cursor of the next page; null at the end. */
            readonly next: string | null;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly BalancesController_balances: {
    readonly parameters: {
      readonly query?: {
        /** @description As it stood at this instant: back-dated postings count from when they took effect. Default: `knownAt` */
        readonly asOf?: string;
        /** @description Only what was recorded until then: together with no `asOf`, what was shown then. Default: now */
        readonly knownAt?: string;
        readonly limit?: number;
        /** @description `next` of the page before: it carries the moment of the first page */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** Format: date-time */
            readonly asOf: string;
            /** Format: date-time */
            readonly knownAt: string;
            readonly accounts: number;
            readonly data: readonly {
              readonly member: string;
              readonly currency: string;
              readonly available: number;
              readonly pending: number;
              readonly held: number;
              readonly debt: number;
              /** @description available + pending + held − debt. */
              readonly net: number;
              /** @description Past their expiry: in no bucket, and in the books until the expiry is posted. */
              readonly lapsed: number;
              /** @description Earned and not withdrawn, spent or not. */
              readonly lifetime: number;
              /** @description Spent and not given back. */
              readonly spent: number;
              /** @description Gone with their expiry and not given back, posted or not. */
              readonly expired: number;
              /** @description Net on its way to another member: in no bucket, and back when it is refused there. Below 0 where a merge moves debt. */
              readonly inFlight: number;
              /** @description All that goes at the next expiry. */
              readonly nextExpiry: {
                /** Format: date-time */
                readonly at: string;
                readonly points: number;
                readonly worth: components['schemas']['MoneyView'] | null;
              } | null;
              /** @description What the points are worth under the program in force now, rounded towards zero; null where it states no value. */
              readonly worth: {
                readonly available: components['schemas']['MoneyView'] | null;
                readonly pending: components['schemas']['MoneyView'] | null;
                readonly held: components['schemas']['MoneyView'] | null;
                readonly debt: components['schemas']['MoneyView'] | null;
                readonly net: components['schemas']['MoneyView'] | null;
              } | null;
            }[];
            readonly next: string | null;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly LiabilityController_liability: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly program: string;
            /** Format: date-time */
            readonly asOf: string;
            /** @description Token of the ledger log: all postings up to it are in, none after. */
            readonly asOfPosition: string;
            /** @description In which months and ages are counted. */
            readonly timeZone: string;
            readonly data: readonly components['schemas']['CurrencyLiability'][];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly LiabilityController_csv: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/csv': string;
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_quote: {
    readonly parameters: {
      readonly query: {
        /** @description Amount of the order in the money of the program */
        readonly order: string;
        /** @description The program's first redeemable currency when absent */
        readonly currency?: string;
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly member: string;
            readonly currency: string;
            /** Format: date-time */
            readonly asOf: string;
            readonly available: number;
            /** @description That the order may use. */
            readonly points: number;
            /** @description What they are worth, in major units. */
            readonly money: string;
            /** @description What stays of the order. */
            readonly toPay: string;
            readonly moneyCurrency: string;
            readonly limitedBy: components['schemas']['QuoteLimit'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_redeem: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['SpendBody'];
      };
    };
    readonly responses: {
      /** @description Durable: the redemption, its money value, the balance after it */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly balance: components['schemas']['BalanceAfter'];
            /** @description Token for `?after=` of any read. */
            readonly position: string;
            readonly redemption: {
              readonly money?: string;
              readonly moneyCurrency?: string;
              /** @description Where the order was stated. */
              readonly toPay?: string;
              readonly id: string;
              readonly member: string;
              readonly currency: string;
              readonly points: number;
              /** @description Points that came back. */
              readonly reversed: number;
              readonly lots: readonly components['schemas']['SpentShare'][];
              /** Format: date-time */
              readonly redeemedAt: string;
              /** @description The hold that it captured. */
              readonly hold?: string;
              readonly reference?: string;
            };
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_hold: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['HoldBody'];
      };
    };
    readonly responses: {
      /** @description Durable: the hold, when it ends by itself, the balance after it */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly balance: components['schemas']['BalanceAfter'];
            /** @description Token for `?after=` of any read. */
            readonly position: string;
            readonly hold: {
              readonly money?: string;
              readonly moneyCurrency?: string;
              /** @description Where the order was stated. */
              readonly toPay?: string;
              readonly id: string;
              readonly member: string;
              readonly currency: string;
              /** @description Reserved at first. */
              readonly points: number;
              readonly remaining: number;
              /**
               * @description How what was left of it ended; `moved`: it went to another member with a merge, or back.
               * @enum {string}
               */
              readonly state: 'open' | 'captured' | 'released' | 'lapsed' | 'moved';
              /** Format: date-time */
              readonly heldAt: string;
              /** Format: date-time */
              readonly expiresAt: string;
              readonly reference?: string;
            };
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_capture: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CaptureBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly balance: components['schemas']['BalanceAfter'];
            /** @description Token for `?after=` of any read. */
            readonly position: string;
            readonly redemption: {
              readonly money?: string;
              readonly moneyCurrency?: string;
              /** @description Where the order was stated. */
              readonly toPay?: string;
              readonly id: string;
              readonly member: string;
              readonly currency: string;
              readonly points: number;
              /** @description Points that came back. */
              readonly reversed: number;
              readonly lots: readonly components['schemas']['SpentShare'][];
              /** Format: date-time */
              readonly redeemedAt: string;
              /** @description The hold that it captured. */
              readonly hold?: string;
              readonly reference?: string;
            };
            readonly hold: components['schemas']['HoldView'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_release: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NoteBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly balance: components['schemas']['BalanceAfter'];
            /** @description Token for `?after=` of any read. */
            readonly position: string;
            readonly hold: components['schemas']['HoldView'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_reverse: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['PartBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly balance: components['schemas']['BalanceAfter'];
            /** @description Token for `?after=` of any read. */
            readonly position: string;
            readonly redemption: components['schemas']['RedemptionView'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_transfer: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['TransferBody'];
      };
    };
    readonly responses: {
      /** @description Durable and on its way: see `state` of `GET /v1/transfers/{id}` */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly balance: components['schemas']['BalanceAfter'];
            /** @description Token for `?after=` of any read. */
            readonly position: string;
            readonly transfer: components['schemas']['TransferView'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_readHold: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            readonly member: string;
            readonly currency: string;
            /** @description Reserved at first. */
            readonly points: number;
            readonly remaining: number;
            /**
             * @description How what was left of it ended; `moved`: it went to another member with a merge, or back.
             * @enum {string}
             */
            readonly state: 'open' | 'captured' | 'released' | 'lapsed' | 'moved';
            /** Format: date-time */
            readonly heldAt: string;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly reference?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_readRedemption: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            readonly member: string;
            readonly currency: string;
            readonly points: number;
            /** @description Points that came back. */
            readonly reversed: number;
            readonly lots: readonly components['schemas']['SpentShare'][];
            /** Format: date-time */
            readonly redeemedAt: string;
            /** @description The hold that it captured. */
            readonly hold?: string;
            readonly reference?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SpendingController_readTransfer: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            /** @enum {string} */
            readonly kind: 'transfer' | 'merge' | 'unmerge';
            readonly from: string;
            readonly to: string;
            readonly currency: string;
            readonly points: number;
            /** @enum {string} */
            readonly state: 'in-flight' | 'settled' | 'returned' | 'received' | 'refused';
            /** Format: date-time */
            readonly sentAt: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ByHandController_adjust: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['AdjustmentBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly balance: components['schemas']['BalanceAfter'];
            /** @description Token for `?after=` of any read. */
            readonly position: string;
            /** @description Of the command. */
            readonly id: string;
            readonly member: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ByHandController_freeze: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['FreezeBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description Of the command. */
            readonly id: string;
            readonly member: string;
            readonly balances: readonly components['schemas']['BalanceAfter'][];
            readonly position: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ByHandController_unfreeze: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['FreezeBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description Of the command. */
            readonly id: string;
            readonly member: string;
            readonly balances: readonly components['schemas']['BalanceAfter'][];
            readonly position: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ByHandController_extend: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ExtensionBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly balance: components['schemas']['BalanceAfter'];
            /** @description Token for `?after=` of any read. */
            readonly position: string;
            /** @description Of the command. */
            readonly id: string;
            readonly member: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ByHandController_reinstate: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ReinstatementBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly balance: components['schemas']['BalanceAfter'];
            /** @description Token for `?after=` of any read. */
            readonly position: string;
            /** @description Of the command. */
            readonly id: string;
            readonly member: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ByHandController_merge: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['MergeBody'];
      };
    };
    readonly responses: {
      /** @description Durable and on its way; `id` names the merge */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description Of the command. */
            readonly id: string;
            readonly member: string;
            readonly balances: readonly components['schemas']['BalanceAfter'][];
            readonly position: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ByHandController_unmerge: {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description At most 255 printable characters. The same key and body give the first answer again, marked `Idempotency-Replayed: true`; remembered for 7 days, and never carried out twice after that either. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['UnmergeBody'];
      };
    };
    readonly responses: {
      /** @description Durable and on its way */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description Of the command. */
            readonly id: string;
            readonly member: string;
            readonly balances: readonly components['schemas']['BalanceAfter'][];
            readonly position: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly ImportController_rows: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly import: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ImportBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly import: string;
            readonly dryRun: boolean;
            /** @description In the order of the rows. */
            readonly results: readonly components['schemas']['RowResult'][];
            /** @description Token of the ledger log: whoever waits for it sees all rows. */
            readonly position: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly TierController_tier: {
    readonly parameters: {
      readonly query?: {
        /** @description A token that a write answered with: the read waits until it is included, 504 after five seconds */
        readonly after?: string;
        /** @description an instant: where the member stood then, by what is known now */
        readonly asOf?: string;
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly program: string;
            readonly member: string;
            readonly asOf: string;
            readonly tier: components['schemas']['Tier'];
            /** @description Absent for the first tier, which nobody had to reach. */
            readonly since?: string;
            /** @description The earliest instant that the tier may end at; absent where it does not end. */
            readonly until?: string;
            /** @description A tier given by hand that is in force; what was earned may be higher. */
            readonly given?: {
              readonly tier: string;
              readonly from: string;
              readonly until?: string;
            };
            readonly lifetimePoints: number;
            readonly currency: string;
            readonly basis: components['schemas']['Basis'];
            /** @description What counts now; of spend in whole units of money, like every figure of the ladder. */
            readonly qualifying: number;
            /** @description Since when it is counted; absent where everything ever is. */
            readonly qualifyingSince?: string;
            /** @description Absent on the highest tier. `points` is what is missing. */
            readonly next?: {
              readonly tier: string;
              readonly threshold: number;
              readonly points: number;
            };
            /** @description What the next review asks for. Absent where there is none. */
            readonly keep?: {
              readonly reviewAt: string;
              readonly required: number;
              readonly qualifying: number;
              readonly missing: number;
            };
            /** @description Code of the tier after the next review or the end of what was given, if nothing more comes. */
            readonly projected: string;
            readonly timeline: readonly components['schemas']['TierSince'][];
            readonly programVersion: number;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly AssignmentController_assign: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['AssignmentBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly member: string;
            /** @description Absent where the same was said before, and nothing was written. */
            readonly position?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly AssignmentController_takeBack: {
    readonly parameters: {
      readonly query: {
        /** @description why; it is in the event, so name nobody in it */
        readonly reason: string;
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly member: string;
            /** @description Absent where the same was said before, and nothing was written. */
            readonly position?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly TierController_ladder: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly program: string;
            readonly programVersion: number;
            readonly currency: string;
            readonly basis: components['schemas']['Basis'];
            readonly window?: components['schemas']['Window'];
            readonly review?: components['schemas']['Review'];
            readonly tiers: readonly components['schemas']['Tier'][];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly StandingsController_standings: {
    readonly parameters: {
      readonly query?: {
        /** @description an instant: where members stood then, by what is known now. Default: now */
        readonly asOf?: string;
        readonly limit?: number;
        /** @description `next` of the page before: it carries the moment of the first page */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly program: string;
            /** Format: date-time */
            readonly asOf: string;
            readonly programVersion: number;
            /** @description How many members the program has here, about: for those who show progress. */
            readonly members: number;
            /** @description Each as its own tier is answered, as of the same instant. */
            readonly data: readonly {
              readonly member: string;
              readonly tier: components['schemas']['Tier'];
              /** @description Absent for the first tier, which nobody had to reach. */
              readonly since?: string;
              /** @description The earliest instant that the tier may end at; absent where it does not end. */
              readonly until?: string;
              /** @description A tier given by hand that is in force; what was earned may be higher. */
              readonly given?: {
                readonly tier: string;
                readonly from: string;
                readonly until?: string;
              };
              readonly lifetimePoints: number;
              readonly currency: string;
              readonly basis: components['schemas']['Basis'];
              /** @description What counts now; of spend in whole units of money, like every figure of the ladder. */
              readonly qualifying: number;
              /** @description Since when it is counted; absent where everything ever is. */
              readonly qualifyingSince?: string;
              /** @description Absent on the highest tier. `points` is what is missing. */
              readonly next?: {
                readonly tier: string;
                readonly threshold: number;
                readonly points: number;
              };
              /** @description What the next review asks for. Absent where there is none. */
              readonly keep?: {
                readonly reviewAt: string;
                readonly required: number;
                readonly qualifying: number;
                readonly missing: number;
              };
              /** @description Code of the tier after the next review or the end of what was given, if nothing more comes. */
              readonly projected: string;
              readonly timeline: readonly components['schemas']['TierSince'][];
            }[];
            readonly next: string | null;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_list: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['EndpointView'][];
            /** @description Cursor of the next page; absent on the last. */
            readonly next?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_create: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CreateWebhook'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly secret?: string;
            readonly publicKey?: string;
            readonly id: string;
            readonly url: string;
            readonly description?: string;
            readonly events: components['schemas']['EventFilter'];
            readonly status: components['schemas']['EndpointStatus'];
            readonly signature: components['schemas']['SignatureScheme'];
            readonly disabledReason?: string;
            /** @description How many secrets sign: two for a while after a rotation. */
            readonly secretsInForce: number;
            readonly createdAt: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_read: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            readonly url: string;
            readonly description?: string;
            readonly events: components['schemas']['EventFilter'];
            readonly status: components['schemas']['EndpointStatus'];
            readonly signature: components['schemas']['SignatureScheme'];
            readonly disabledReason?: string;
            /** @description How many secrets sign: two for a while after a rotation. */
            readonly secretsInForce: number;
            readonly createdAt: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_rotate: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly secret?: string;
            readonly publicKey?: string;
            readonly id: string;
            readonly url: string;
            readonly description?: string;
            readonly events: components['schemas']['EventFilter'];
            readonly status: components['schemas']['EndpointStatus'];
            readonly signature: components['schemas']['SignatureScheme'];
            readonly disabledReason?: string;
            /** @description How many secrets sign: two for a while after a rotation. */
            readonly secretsInForce: number;
            readonly createdAt: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_disable: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            readonly url: string;
            readonly description?: string;
            readonly events: components['schemas']['EventFilter'];
            readonly status: components['schemas']['EndpointStatus'];
            readonly signature: components['schemas']['SignatureScheme'];
            readonly disabledReason?: string;
            /** @description How many secrets sign: two for a while after a rotation. */
            readonly secretsInForce: number;
            readonly createdAt: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_enable: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            readonly url: string;
            readonly description?: string;
            readonly events: components['schemas']['EventFilter'];
            readonly status: components['schemas']['EndpointStatus'];
            readonly signature: components['schemas']['SignatureScheme'];
            readonly disabledReason?: string;
            /** @description How many secrets sign: two for a while after a rotation. */
            readonly secretsInForce: number;
            readonly createdAt: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_deliveries: {
    readonly parameters: {
      readonly query?: {
        /** @description `next` of the page before */
        readonly cursor?: number;
        readonly limit?: number;
        readonly state?: 'pending' | 'delivered' | 'dead';
      };
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['DeliveryView'][];
            /** @description Cursor of the next page; absent on the last. */
            readonly next?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_delivery: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
        readonly delivery: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly body: string;
            readonly type: string;
            readonly state: components['schemas']['DeliveryState'];
            readonly attempts: number;
            readonly nextAttemptAt?: string;
            readonly lastAttemptAt?: string;
            readonly lastStatus?: number;
            readonly lastError?: string;
            /** @description The beginning of what the receiver answered last. */
            readonly lastAnswer?: string;
            readonly lastMillis?: number;
            readonly createdAt: string;
            readonly deliveredAt?: string;
            /** @description When it was last put in again by a replay. */
            readonly replayedAt?: string;
            /** @description SHA-256 of the body, in hex, where it was dropped with its member: it cannot be sent again. */
            readonly erased?: string;
            /** @description Id of the event, and `webhook-id` of every attempt. */
            readonly id: string;
            readonly member: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_replay: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ReplayDeliveries'];
      };
    };
    readonly responses: {
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly replayed: number;
            /** @description For `cursor` of the next call, when there may be more. */
            readonly next?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly WebhookController_resend: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ResendDeliveries'];
      };
    };
    readonly responses: {
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly resent: number;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly InboxController_list: {
    readonly parameters: {
      readonly query?: {
        /** @description `next` of the page before */
        readonly cursor?: number;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['InboxItem'][];
            readonly unread: number;
            /** @description Cursor of the next page; absent on the last. */
            readonly next?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly InboxController_read: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ReadInbox'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly read: number;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly MessageController_list: {
    readonly parameters: {
      readonly query?: {
        /** @description `next` of the page before */
        readonly cursor?: number;
        readonly limit?: number;
        readonly member?: string;
        readonly channel?: 'inbox' | 'email' | 'webhook' | 'log' | 'sms' | 'wechat' | 'wecom';
        readonly state?: 'pending' | 'sent' | 'merged' | 'skipped' | 'dead';
        readonly trigger?:
          | 'points-credited'
          | 'points-taken-back'
          | 'points-redeemed'
          | 'points-refunded'
          | 'points-held'
          | 'points-adjusted'
          | 'points-expiring'
          | 'reward-in-reach'
          | 'account-frozen'
          | 'account-unfrozen'
          | 'tier-changed'
          | 'near-upgrade'
          | 'tier-kept'
          | 'tier-will-fall';
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly data: readonly components['schemas']['MessageView'][];
            /** @description Cursor of the next page; absent on the last. */
            readonly next?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly MessageController_resend: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ResendMessages'];
      };
    };
    readonly responses: {
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly resent: number;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly MessageController_preview: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['PreviewDto'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly language: components['schemas']['Language'];
            readonly title: string;
            readonly body: string;
            readonly link: string;
            /**
             * @description The figures of the member's newest message of the kind, or made up because there is none.
             * @enum {string}
             */
            readonly figures: 'of the member' | 'sample';
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RecipientController_contact: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly email?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RecipientController_setContact: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ContactDto'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly email?: string;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RecipientController_eraseContact: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RecipientController_preferences: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly language?: components['schemas']['Language'];
            readonly mutedTriggers: readonly components['schemas']['Trigger'][];
            readonly mutedChannels: readonly components['schemas']['ChannelName'][];
            /** @description Instead of the program's. */
            readonly quietHours?: components['schemas']['QuietHours'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly RecipientController_setPreferences: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly member: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['PreferencesDto'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly language?: components['schemas']['Language'];
            readonly mutedTriggers: readonly components['schemas']['Trigger'][];
            readonly mutedChannels: readonly components['schemas']['ChannelName'][];
            /** @description Instead of the program's. */
            readonly quietHours?: components['schemas']['QuietHours'];
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SettingsController_read: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly changedBy?: string;
            readonly changedAt?: string;
            /** @description Grows with every change. */
            readonly revision: number;
            readonly enabled: boolean;
            /** @description Of members who chose none. */
            readonly language: components['schemas']['Language'];
            /** @description Where messages lead that say nothing else. */
            readonly link: string;
            readonly messages: readonly components['schemas']['MessageRule'][];
            readonly quietHours?: components['schemas']['QuietHours'];
            /** @description Messages a member and day on each channel that rings or buzzes; more are left out. */
            readonly dailyCap?: number;
            /** @description Days before the last day on which points can be spent. */
            readonly reminderDays: readonly number[];
            /** @description When reminders go out, `HH:mm` in the program's zone. */
            readonly reminderTime: string;
            readonly rewards: readonly components['schemas']['RewardThreshold'][];
            /** @description Tells again, every so many days, of the dearest reward that the points are enough for; absent: once until points are spent. */
            readonly rewardEveryDays?: number;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
  readonly SettingsController_save: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description ETag of the settings as they were read */
        readonly 'if-match'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['SettingsDto'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly changedBy?: string;
            readonly changedAt?: string;
            /** @description Grows with every change. */
            readonly revision: number;
            readonly enabled: boolean;
            /** @description Of members who chose none. */
            readonly language: components['schemas']['Language'];
            /** @description Where messages lead that say nothing else. */
            readonly link: string;
            readonly messages: readonly components['schemas']['MessageRule'][];
            readonly quietHours?: components['schemas']['QuietHours'];
            /** @description Messages a member and day on each channel that rings or buzzes; more are left out. */
            readonly dailyCap?: number;
            /** @description Days before the last day on which points can be spent. */
            readonly reminderDays: readonly number[];
            /** @description When reminders go out, `HH:mm` in the program's zone. */
            readonly reminderTime: string;
            readonly rewards: readonly components['schemas']['RewardThreshold'][];
            /** @description Tells again, every so many days, of the dearest reward that the points are enough for; absent: once until points are spent. */
            readonly rewardEveryDays?: number;
          };
        };
      };
      /** @description Refused, or it failed: a problem with a code of a closed list. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['HttpProblem'];
        };
      };
    };
  };
}
