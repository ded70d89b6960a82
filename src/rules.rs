//! The list of rules; each is a page in `rules/` and a check in a module of the same name.

mod added_capability;
mod autoscaler_bounds;
mod autoscaler_without_request;
mod background_process;
mod bash_syntax_under_sh;
mod broken_exec_form;
mod cluster_admin;
mod committed_secret;
mod committed_state;
mod compose_invalid_combination;
mod compose_invalid_cycle;
mod compose_invalid_env_file;
mod compose_invalid_file;
mod compose_invalid_interpolation;
mod compose_invalid_key;
mod compose_invalid_reference;
mod compose_invalid_service;
mod compose_invalid_value;
mod constant_platform;
mod contradictory_rights;
mod copied_root;
mod copy_from_empty_stage;
mod curl_without_fail;
mod dangerous_capability;
mod default_account_bound;
mod default_credentials;
mod depends_on_unready;
mod deprecated_annotation;
mod deprecated_external_name;
mod deprecated_image;
mod deprecated_node_label;
mod deprecated_service_account;
mod development_dependencies;
mod development_mode;
mod development_server;
mod discarded_logs;
mod discarded_write;
mod distribution_upgrade;
mod divergent_tags;
mod dockerfile_syntax;
mod dropped_command;
mod duplicate_container_name;
mod duplicate_key;
mod duplicate_mount_target;
mod duplicate_name;
mod duplicate_node_port;
mod duplicate_object;
mod duplicate_published_port;
mod duplicate_route;
mod duplicate_stage_name;
mod duplicate_variable;
mod egress_without_dns;
mod empty_continuation;
mod end_of_life_image;
mod endless_dependency;
mod escalating_role;
mod eviction_blocked;
mod exposed_datastore;
mod exposed_ssh;
mod external_ip;
mod fixed_port_with_replicas;
mod healthy_without_healthcheck;
mod heap_above_limit;
mod hidden_program;
mod host_namespace;
mod host_port;
mod host_port_in_expose;
mod huge_lastlog;
mod identical_probes;
mod idle_process;
mod ignored_annotation;
mod ignored_copy_source;
mod ignored_healthcheck;
mod ignored_instruction;
mod ignored_volume_mode;
mod impersonation;
mod indirect_power;
mod ineffective_budget;
mod ineffective_cd;
mod ineffective_command;
mod ineffective_spread;
mod ingress_injection;
mod insecure_build;
mod insecure_download;
mod interactive_container;
mod invalid_container_name;
mod invalid_image_reference;
mod invalid_label;
mod invalid_name;
mod invalid_port;
mod invalid_schedule;
mod invalid_value;
mod latest_tag;
mod leaked_credential;
mod legacy_boolean;
mod local_add;
mod login_in_build;
mod lost_cluster_dns;
mod low_port;
mod malformed_suppression;
mod minted_credentials;
mod missing_backend;
mod missing_build_argument;
mod missing_build_secret;
mod missing_build_target;
mod missing_claim;
mod missing_config;
mod missing_copy_source;
mod missing_cpu_request;
mod missing_destination_slash;
mod missing_dockerfile;
mod missing_env_file;
mod missing_field;
mod missing_headless_service;
mod missing_healthcheck;
mod missing_healthcheck_tool;
mod missing_init;
mod missing_liveness_probe;
mod missing_memory_limit;
mod missing_memory_request;
mod missing_pipefail;
mod missing_pod_security;
mod missing_readiness_probe;
mod missing_restart_policy;
mod missing_scale_target;
mod missing_seccomp_profile;
mod missing_service_account;
mod missing_source_file;
mod mounted_token;
mod named_user;
mod network_policy_selects_nothing;
mod obsolete_version;
mod odd_file_mode;
mod odd_quantity;
mod open_network_policy;
mod overlapping_runs;
mod overlapping_selectors;
mod package_cache_left;
mod password_in_build;
mod piped_installer;
mod platform_mismatch;
mod pod_security_violation;
mod ports_without_network;
mod privilege_escalation;
mod privileged_container;
mod public_binding;
mod readable_secrets;
mod recommended_packages;
mod relative_workdir;
mod remote_debugger_shipped;
mod remote_execution;
mod removed_api;
mod removed_volume_type;
mod replicas_and_autoscaler;
mod request_above_limit;
mod reserved_stage_name;
mod restart_policy_rejected;
mod restarted_job;
mod rolling_download;
mod rolling_tag;
mod rollout_rejected;
mod root_group;
mod root_user;
mod runtime_socket;
mod same_statement_reference;
mod script_without_exec;
mod secret_build_argument;
mod secret_file_copied;
mod secret_in_command;
mod secret_in_config;
mod secret_in_environment;
mod secret_in_label;
mod selector_mismatch;
mod sensitive_host_path;
mod service_selects_nothing;
mod setuid_file;
mod shadowed_compose_file;
mod shadowed_image;
mod shared_single_writer_volume;
mod shell_in_scratch;
mod shell_syntax;
mod shell_syntax_in_exec_form;
mod shellcheck;
mod shipped_sudo;
mod short_grace_period;
mod single_replica;
mod single_stage_build;
mod source_mount;
mod stale_package_index;
mod stale_pull_policy;
mod sudo_in_build;
mod tls_verification_disabled;
mod truncated_command;
mod unattended_install;
mod unbound_port;
mod unbounded_logs;
mod unbounded_memory_volume;
mod unbuildable;
mod unconfined_container;
mod undeclared_argument;
mod undeclared_base_variable;
mod undeclared_build_argument;
mod undropped_capabilities;
mod unescaped_dollar;
mod unexplained_suppression;
mod unexposed_port;
mod ungraceful_stop_signal;
mod unignored_files;
mod unignored_secret;
mod unknown_capability;
mod unknown_field;
mod unknown_probe_port;
mod unknown_restart_policy;
mod unknown_user;
mod unknown_volume;
mod unlisted_probe_port;
mod unlocked_install;
mod unmatched_target_port;
mod unnoticed_config;
mod unowned_volume;
mod unpersisted_data;
mod unpinned_base;
mod unpinned_clone;
mod unpinned_dependency;
mod unpinned_package;
mod unquoted_port;
mod unsafe_probe_timing;
mod unsafe_sysctl;
mod unset_variable;
mod unstartable_non_root;
mod unstartable_script;
mod untrusted_registry;
mod unusable_default;
mod unused_resource;
mod unused_suppression;
mod unused_user;
mod unverified_download;
mod unverified_package;
mod unwritable_path;
mod upgraded_packages;
mod volume_on_system_path;
mod wildcard_permissions;
mod workdir_in_system_directory;
mod world_writable_file;
mod writable_root;
mod wrong_type;
mod yaml_syntax;

use std::sync::LazyLock;

use crate::rule::{Page, Rule};

/// Every rule, in the order of their ids.
pub static ALL: &[&Rule] = &[
    &added_capability::RULE,
    &autoscaler_bounds::RULE,
    &autoscaler_without_request::RULE,
    &background_process::RULE,
    &bash_syntax_under_sh::RULE,
    &broken_exec_form::RULE,
    &cluster_admin::RULE,
    &committed_secret::RULE,
    &committed_state::RULE,
    &compose_invalid_combination::RULE,
    &compose_invalid_cycle::RULE,
    &compose_invalid_env_file::RULE,
    &compose_invalid_file::RULE,
    &compose_invalid_interpolation::RULE,
    &compose_invalid_key::RULE,
    &compose_invalid_reference::RULE,
    &compose_invalid_service::RULE,
    &compose_invalid_value::RULE,
    &constant_platform::RULE,
    &contradictory_rights::RULE,
    &copied_root::RULE,
    &copy_from_empty_stage::RULE,
    &curl_without_fail::RULE,
    &dangerous_capability::RULE,
    &default_account_bound::RULE,
    &default_credentials::RULE,
    &depends_on_unready::RULE,
    &deprecated_annotation::RULE,
    &deprecated_external_name::RULE,
    &deprecated_image::RULE,
    &deprecated_node_label::RULE,
    &deprecated_service_account::RULE,
    &development_dependencies::RULE,
    &development_mode::RULE,
    &development_server::RULE,
    &discarded_logs::RULE,
    &discarded_write::RULE,
    &distribution_upgrade::RULE,
    &divergent_tags::RULE,
    &dockerfile_syntax::RULE,
    &dropped_command::RULE,
    &duplicate_container_name::RULE,
    &duplicate_key::RULE,
    &duplicate_mount_target::RULE,
    &duplicate_name::RULE,
    &duplicate_node_port::RULE,
    &duplicate_object::RULE,
    &duplicate_published_port::RULE,
    &duplicate_route::RULE,
    &duplicate_stage_name::RULE,
    &duplicate_variable::RULE,
    &egress_without_dns::RULE,
    &empty_continuation::RULE,
    &end_of_life_image::RULE,
    &endless_dependency::RULE,
    &escalating_role::RULE,
    &eviction_blocked::RULE,
    &exposed_datastore::RULE,
    &exposed_ssh::RULE,
    &external_ip::RULE,
    &fixed_port_with_replicas::RULE,
    &healthy_without_healthcheck::RULE,
    &heap_above_limit::RULE,
    &hidden_program::RULE,
    &host_namespace::RULE,
    &host_port::RULE,
    &host_port_in_expose::RULE,
    &huge_lastlog::RULE,
    &identical_probes::RULE,
    &idle_process::RULE,
    &ignored_annotation::RULE,
    &ignored_copy_source::RULE,
    &ignored_healthcheck::RULE,
    &ignored_instruction::RULE,
    &ignored_volume_mode::RULE,
    &impersonation::RULE,
    &indirect_power::RULE,
    &ineffective_budget::RULE,
    &ineffective_cd::RULE,
    &ineffective_command::RULE,
    &ineffective_spread::RULE,
    &ingress_injection::RULE,
    &insecure_build::RULE,
    &insecure_download::RULE,
    &interactive_container::RULE,
    &invalid_container_name::RULE,
    &invalid_image_reference::RULE,
    &invalid_label::RULE,
    &invalid_name::RULE,
    &invalid_port::RULE,
    &invalid_schedule::RULE,
    &invalid_value::RULE,
    &latest_tag::RULE,
    &leaked_credential::RULE,
    &legacy_boolean::RULE,
    &local_add::RULE,
    &login_in_build::RULE,
    &lost_cluster_dns::RULE,
    &low_port::RULE,
    &malformed_suppression::RULE,
    &minted_credentials::RULE,
    &missing_backend::RULE,
    &missing_build_argument::RULE,
    &missing_build_secret::RULE,
    &missing_build_target::RULE,
    &missing_claim::RULE,
    &missing_config::RULE,
    &missing_copy_source::RULE,
    &missing_cpu_request::RULE,
    &missing_destination_slash::RULE,
    &missing_dockerfile::RULE,
    &missing_env_file::RULE,
    &missing_field::RULE,
    &missing_headless_service::RULE,
    &missing_healthcheck::RULE,
    &missing_healthcheck_tool::RULE,
    &missing_init::RULE,
    &missing_liveness_probe::RULE,
    &missing_memory_limit::RULE,
    &missing_memory_request::RULE,
    &missing_pipefail::RULE,
    &missing_pod_security::RULE,
    &missing_readiness_probe::RULE,
    &missing_restart_policy::RULE,
    &missing_scale_target::RULE,
    &missing_seccomp_profile::RULE,
    &missing_service_account::RULE,
    &missing_source_file::RULE,
    &mounted_token::RULE,
    &named_user::RULE,
    &network_policy_selects_nothing::RULE,
    &obsolete_version::RULE,
    &odd_file_mode::RULE,
    &odd_quantity::RULE,
    &open_network_policy::RULE,
    &overlapping_runs::RULE,
    &overlapping_selectors::RULE,
    &package_cache_left::RULE,
    &password_in_build::RULE,
    &piped_installer::RULE,
    &platform_mismatch::RULE,
    &pod_security_violation::RULE,
    &ports_without_network::RULE,
    &privilege_escalation::RULE,
    &privileged_container::RULE,
    &public_binding::RULE,
    &readable_secrets::RULE,
    &recommended_packages::RULE,
    &relative_workdir::RULE,
    &remote_debugger_shipped::RULE,
    &remote_execution::RULE,
    &removed_api::RULE,
    &removed_volume_type::RULE,
    &replicas_and_autoscaler::RULE,
    &request_above_limit::RULE,
    &reserved_stage_name::RULE,
    &restart_policy_rejected::RULE,
    &restarted_job::RULE,
    &rolling_download::RULE,
    &rolling_tag::RULE,
    &rollout_rejected::RULE,
    &root_group::RULE,
    &root_user::RULE,
    &runtime_socket::RULE,
    &same_statement_reference::RULE,
    &script_without_exec::RULE,
    &secret_build_argument::RULE,
    &secret_file_copied::RULE,
    &secret_in_command::RULE,
    &secret_in_config::RULE,
    &secret_in_environment::RULE,
    &secret_in_label::RULE,
    &selector_mismatch::RULE,
    &sensitive_host_path::RULE,
    &service_selects_nothing::RULE,
    &setuid_file::RULE,
    &shadowed_compose_file::RULE,
    &shadowed_image::RULE,
    &shared_single_writer_volume::RULE,
    &shell_in_scratch::RULE,
    &shell_syntax::RULE,
    &shell_syntax_in_exec_form::RULE,
    &shellcheck::RULE,
    &shipped_sudo::RULE,
    &short_grace_period::RULE,
    &single_replica::RULE,
    &single_stage_build::RULE,
    &source_mount::RULE,
    &stale_package_index::RULE,
    &stale_pull_policy::RULE,
    &sudo_in_build::RULE,
    &tls_verification_disabled::RULE,
    &truncated_command::RULE,
    &unattended_install::RULE,
    &unbound_port::RULE,
    &unbounded_logs::RULE,
    &unbounded_memory_volume::RULE,
    &unbuildable::RULE,
    &unconfined_container::RULE,
    &undeclared_argument::RULE,
    &undeclared_base_variable::RULE,
    &undeclared_build_argument::RULE,
    &undropped_capabilities::RULE,
    &unescaped_dollar::RULE,
    &unexplained_suppression::RULE,
    &unexposed_port::RULE,
    &ungraceful_stop_signal::RULE,
    &unignored_files::RULE,
    &unignored_secret::RULE,
    &unknown_capability::RULE,
    &unknown_field::RULE,
    &unknown_probe_port::RULE,
    &unknown_restart_policy::RULE,
    &unknown_user::RULE,
    &unknown_volume::RULE,
    &unlisted_probe_port::RULE,
    &unlocked_install::RULE,
    &unmatched_target_port::RULE,
    &unnoticed_config::RULE,
    &unowned_volume::RULE,
    &unpersisted_data::RULE,
    &unpinned_base::RULE,
    &unpinned_clone::RULE,
    &unpinned_dependency::RULE,
    &unpinned_package::RULE,
    &unquoted_port::RULE,
    &unsafe_probe_timing::RULE,
    &unsafe_sysctl::RULE,
    &unset_variable::RULE,
    &unstartable_non_root::RULE,
    &unstartable_script::RULE,
    &untrusted_registry::RULE,
    &unusable_default::RULE,
    &unused_resource::RULE,
    &unused_suppression::RULE,
    &unused_user::RULE,
    &unverified_download::RULE,
    &unverified_package::RULE,
    &unwritable_path::RULE,
    &upgraded_packages::RULE,
    &volume_on_system_path::RULE,
    &wildcard_permissions::RULE,
    &workdir_in_system_directory::RULE,
    &world_writable_file::RULE,
    &writable_root::RULE,
    &wrong_type::RULE,
    &yaml_syntax::RULE,
];

// What the engine itself says of comments and annotations that silence findings.
pub const MALFORMED_SUPPRESSION: &str = "malformed-suppression";
pub const UNEXPLAINED_SUPPRESSION: &str = "unexplained-suppression";
pub const UNUSED_SUPPRESSION: &str = "unused-suppression";

/// A rule and its page, read.
#[derive(Debug)]
pub struct Entry {
    pub rule: &'static Rule,
    pub page: Page,
}

/// All rules with their pages, in the order of their ids.
pub fn catalogue() -> &'static [Entry] {
    static CATALOGUE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        let read = |rule: &&'static Rule| match Page::parse(rule.page) {
            Ok(page) => Entry { rule, page },
            Err(error) => unreachable!("a test reads every page: {error}"),
        };
        ALL.iter().map(read).collect()
    });
    &CATALOGUE
}

/// The rule of this id.
pub fn entry(id: &str) -> Option<&'static Entry> {
    let at = catalogue().binary_search_by(|entry| entry.page.id.cmp(id)).ok()?;
    Some(&catalogue()[at])
}

/// The rule of this id, or one that replaces the rule of another tool: `DL3007`,
/// `hadolint/DL3007`.
pub fn find(name: &str) -> impl Iterator<Item = &'static Entry> {
    catalogue().iter().filter(move |entry| {
        entry.page.id == name
            || entry.page.replaces.iter().any(|other| {
                *other == name || other.split_once('/').is_some_and(|(_, id)| id == name)
            })
    })
}
