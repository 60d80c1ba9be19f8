//! `trimtab init`.

use std::path::Path;

use serde_json::{Value, json};

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{
    self, Candidate, Draft, EXTERNAL_ID_VARIABLE, Existing, NextStep, Plan, Role, ScanRequest,
    Survey, TemplateKind, Written,
};
use trimtab_render::document::{
    InitCandidate, InitProposal, InitRegion, InitStep, init_candidates, init_file, init_proposal,
    init_written,
};

use crate::cli::{InitArgs, InitTemplate};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, can_ask, choose, confirm, print_json, print_text};

/// Finds out, proposes, and writes what the user agrees to.
pub fn run(console: &Console, args: &InitArgs) -> Result<Printed, Failure> {
    console.no_rows()?;
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    if existing == Existing::Keep {
        // Before anything is asked of AWS or of a person.
        pipeline::refuse_existing(&args.file)?;
    }
    let asks = !args.yes && !args.non_interactive && !console.is_json() && can_ask();
    let mut request = ScanRequest {
        profile: args.profile.clone(),
        regions: args.region.clone(),
        ..ScanRequest::default()
    };
    let survey = pipeline::survey(&request)?;
    let candidates: Vec<InitCandidate> = survey.candidates.iter().map(candidate).collect();
    if !console.is_json() {
        console.say(&init_candidates(&candidates, &console.style));
    }
    request.profile = chosen(console, survey, asks)?;
    let role = if args.no_role { Role::None } else { Role::Read };
    let mut plan = identify(console, &request, role)?;
    if !console.is_json() {
        console.say(&init_proposal(&proposal(&plan), &console.style));
    }
    if asks {
        refine(console, args, &mut plan)?;
    }
    let template = template(args.template);
    let draft = pipeline::draft(&plan, &console.settings, template);
    if !asks && !args.yes {
        return Err(shown(console, args, &plan, &draft, &candidates)?);
    }
    if asks {
        // The role is long, and `trimtab iam` prints it.
        let file = args.file.display().to_string();
        print_text(&init_file(&file, &draft.config, &console.style))?;
        let role = draft.template.as_ref().map(|(kind, _)| kind.file_name());
        let files = std::iter::once(file.as_str()).chain(role).collect::<Vec<_>>().join(", ");
        let locale = console.style.locale();
        if !confirm(&locale.text_with("init-ask-write", &[("files", &files)]), locale)? {
            return Err(nothing_written());
        }
    }
    let external_id = pipeline::external_id()?;
    let written = pipeline::write(&draft, &args.file, existing)?;
    let steps = pipeline::next_steps(&plan, template, &external_id);
    if console.is_json() {
        let id = draft.template.is_some().then_some(external_id.as_str());
        print_json(&document(console, &plan, &draft, &candidates, Some((&written, &steps)), id))?;
    } else {
        print_text(&init_written(&names(&written), &steps_of(&steps), &console.style))?;
    }
    Ok(Printed::Complete)
}

/// Returns the profile to start from.
fn chosen(console: &Console, survey: Survey, asks: bool) -> Result<Option<String>, Failure> {
    let locale = console.style.locale();
    if survey.usable().next().is_none() {
        return Err(none_usable(survey));
    }
    if !asks {
        return match survey.proposal() {
            Some(candidate) => Ok(candidate.profile.clone()),
            None => Err(several(&survey)),
        };
    }
    let default = survey
        .candidates
        .iter()
        .position(|one| match survey.proposal() {
            Some(proposed) => proposed.profile == one.profile,
            None => one.caller.is_ok(),
        })
        .unwrap_or_default();
    let question = locale.text("init-ask-profile");
    let index = choose(&question, survey.candidates.len(), default, locale)?;
    let mut candidates = survey.candidates;
    let candidate = candidates.swap_remove(index);
    Ok(candidate.profile)
}

/// Says why none can be used: where there is one only, by its own reason.
fn none_usable(mut survey: Survey) -> Failure {
    if survey.candidates.len() == 1
        && let Some(Candidate { caller: Err(failure), .. }) = survey.candidates.pop()
    {
        return failure;
    }
    let message = (
        "no AWS credentials of this machine can be used now",
        "지금 쓸 수 있는 AWS 자격 증명이 없습니다",
    );
    Failure::new(Kind::Permission, message).with_hint(survey.hint)
}

fn several(survey: &Survey) -> Failure {
    let names: Vec<&str> = survey.usable().filter_map(|one| one.profile.as_deref()).collect();
    let names = names.join(", ");
    Failure::usage(
        (
            "several profiles can be used, and none of them is the default",
            "쓸 수 있는 프로필이 여러 개이고 기본 프로필이 없습니다",
        ),
        (
            format!("name one with --profile: {names}"),
            format!("--profile로 하나를 지정하세요: {names}"),
        ),
    )
}

fn identify(console: &Console, request: &ScanRequest, role: Role) -> Result<Plan, Failure> {
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-init"), locale, console.quiet);
    pipeline::identify(&console.settings, request, role, &mut |done, of| {
        let arguments = [("done", done.to_string()), ("of", of.to_string())];
        let arguments = arguments.each_ref().map(|(name, value)| (*name, value.as_str()));
        bar.say(&locale.text_with("progress-init-step", &arguments));
    })
}

/// Asks what can be decided otherwise than proposed.
fn refine(console: &Console, args: &InitArgs, plan: &mut Plan) -> Result<(), Failure> {
    let locale = console.style.locale();
    if plan.organization.is_some() && !confirm(&locale.text("init-ask-organization"), locale)? {
        plan.organization = None;
    }
    if plan.organization.is_none()
        && plan.role == Role::Read
        && !confirm(&locale.text("init-ask-role"), locale)?
    {
        plan.role = Role::None;
    }
    let used = plan.used_regions();
    if args.region.is_empty()
        && plan.organization.is_none()
        && !used.is_empty()
        && used.len() < plan.regions.len()
        && !confirm(&locale.text("init-ask-regions"), locale)?
    {
        plan.scan_regions = used;
    }
    Ok(())
}

/// Shows what would be written, and says that nothing was.
fn shown(
    console: &Console,
    args: &InitArgs,
    plan: &Plan,
    draft: &Draft,
    candidates: &[InitCandidate],
) -> Result<Failure, Failure> {
    if console.is_json() {
        print_json(&document(console, plan, draft, candidates, None, None))?;
    } else {
        show(console, &args.file, draft)?;
    }
    Ok(nothing_written())
}

fn nothing_written() -> Failure {
    Failure::usage(
        ("nothing was written", "아무것도 쓰지 않았습니다"),
        (
            "add --yes to take what is proposed, or run it at a terminal to be asked",
            "제안대로 쓰려면 --yes를 붙이고, 하나씩 정하려면 터미널에서 실행하세요",
        ),
    )
}

fn show(console: &Console, file: &Path, draft: &Draft) -> Result<(), Failure> {
    let mut text = init_file(&file.display().to_string(), &draft.config, &console.style);
    if let Some((kind, template)) = &draft.template {
        text.push_str(&init_file(kind.file_name(), template, &console.style));
    }
    print_text(&text)
}

fn template(template: InitTemplate) -> TemplateKind {
    match template {
        InitTemplate::Cloudformation => TemplateKind::Cloudformation,
        InitTemplate::Terraform => TemplateKind::Terraform,
    }
}

fn candidate(candidate: &Candidate) -> InitCandidate {
    InitCandidate {
        profile: candidate.profile.clone(),
        source: candidate.source.clone(),
        caller: match &candidate.caller {
            Ok(caller) => Ok(caller.clone()),
            Err(failure) => Err((failure.message.clone(), failure.hint.as_deref().cloned())),
        },
    }
}

fn proposal(plan: &Plan) -> InitProposal {
    InitProposal {
        account: plan.account.clone(),
        arn: plan.arn.clone(),
        regions: plan
            .regions
            .iter()
            .map(|one| InitRegion {
                region: one.region.clone(),
                billed: one.billed.clone(),
                kinds: one.kinds.clone(),
            })
            .collect(),
        organization: plan.organization,
        managed_by: plan.managed_by.clone(),
        unknown: plan.unknown.clone(),
    }
}

fn names(written: &Written) -> Vec<String> {
    let files = std::iter::once(&written.config).chain(&written.template);
    files.map(|path| path.display().to_string()).collect()
}

fn steps_of(steps: &[NextStep]) -> Vec<InitStep> {
    let step = |one: &NextStep| InitStep { text: one.text.clone(), commands: one.commands.clone() };
    steps.iter().map(step).collect()
}

fn document(
    console: &Console,
    plan: &Plan,
    draft: &Draft,
    candidates: &[InitCandidate],
    written: Option<(&Written, &[NextStep])>,
    external_id: Option<&str>,
) -> Value {
    let language = console.style.language;
    json!({
        "schema": "trimtab/v1/init",
        "written": written.map(|(files, _)| names(files)).unwrap_or_default(),
        "profiles": candidates.iter().map(|one| json!({
            "profile": one.profile,
            "source": one.source.en,
            "account": one.caller.as_ref().ok().map(|(account, _)| account),
            "arn": one.caller.as_ref().ok().map(|(_, arn)| arn),
            "message": one.caller.as_ref().err().map(|(problem, _)| problem.get(language)),
            "hint": one.caller.as_ref().err().and_then(|(_, hint)| Some(hint.as_ref()?.get(language))),
        })).collect::<Vec<_>>(),
        "profile": plan.profile,
        "account": plan.account,
        "arn": plan.arn,
        "organization_accounts": plan.organization,
        "organization_managed_by": plan.managed_by,
        "unknown": plan.unknown.iter().map(|text| json!({
            "message": text.get(language),
        })).collect::<Vec<_>>(),
        "items": plan.regions.iter().map(|one| json!({
            "region": one.region,
            "billed": one.billed,
            "resource_types": one.kinds,
        })).collect::<Vec<_>>(),
        "config": draft.config,
        "template": draft.template.as_ref().map(|(_, text)| text),
        "external_id_variable": EXTERNAL_ID_VARIABLE,
        "external_id": external_id,
        "next": written.map(|(_, steps)| steps).unwrap_or_default().iter().map(|step| json!({
            "message": step.text.get(language),
            "commands": step.commands,
        })).collect::<Vec<_>>(),
    })
}
