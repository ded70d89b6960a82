use crate::knowledge::naming::is_placeholder;
use crate::model::kubernetes::{Cluster, Member};
use crate::model::quantity::Quantity;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/odd-quantity.md"), Check::Workload(check));

/// No process runs in less than this many bytes.
const LEAST: u64 = 1_000_000;

/// No machine has this many processors.
const CORES: u64 = 1000;

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        let resources = &container.resources;
        for (name, amount) in resources.requests.iter().chain(resources.limits.iter()) {
            let Some(amount) = amount.get() else { continue };
            let text = &amount.value;
            match Quantity::parse(text) {
                None if is_placeholder(text) => {}
                None => {
                    report
                        .at(amount.span, format!("`{text}` is no quantity of {}", name.value))
                        .help("write `500m` or `0.5` for cpu, `512Mi` or `1Gi` for memory");
                }
                Some(quantity)
                    if name.value == "memory"
                        && !quantity.is_zero()
                        && quantity.units() < LEAST =>
                {
                    report
                        .at(amount.span, format!("`{text}` of memory is less than a megabyte"))
                        .help("write `512Mi` for 512 times 1024 times 1024 bytes");
                }
                Some(quantity) if name.value == "cpu" && quantity.units() >= CORES => {
                    let cores = quantity.units();
                    report
                        .at(amount.span, format!("`{text}` of cpu are {cores} whole processors"))
                        .help("write `500m` for half a processor");
                }
                Some(_) => {}
            }
        }
    }
}
