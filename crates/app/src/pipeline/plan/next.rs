//! What can be done with a plan now, as commands.

use jiff::Timestamp;

use trimtab_model::environment::Environment;

use super::{Known, Missing, forbids_approval, missing_of, names_of};

/// Characters of a hash that are enough to name it.
const SHORT: usize = 12;

/// Returns the commands that lead on from where a plan is.
pub fn next_commands(known: &Known, now: Timestamp) -> Vec<String> {
    let (id, plan) = (&known.stored.id, &known.stored.plan);
    if let Some(run) = known.runs.iter().find(|run| !run.is_simulated) {
        return vec![format!("trimtab run show {}", run.id)];
    }
    if plan.expires_at <= now {
        return vec!["trimtab plan create".to_owned()];
    }
    if forbids_approval(&known.findings) {
        return vec![format!("trimtab plan lint {id}")];
    }
    let hash = known.stored.hash.get(..SHORT).unwrap_or(&known.stored.hash);
    let mut commands = Vec::new();
    for stage in &plan.stages {
        let environment = stage.environment;
        if missing_of(known, stage) == Missing::Nothing {
            if commands.is_empty() {
                commands.push(format!("trimtab apply {id} --stage {environment}"));
            }
            continue;
        }
        let mut command =
            format!("trimtab plan approve {id} --stage {environment} --plan-hash {hash}");
        if environment == Environment::Prod {
            // Each is typed by whoever approves, and so is not written here.
            command.push_str(&" --alias ALIAS".repeat(names_of(plan, stage).len()));
        }
        commands.push(command);
        break;
    }
    commands
}
