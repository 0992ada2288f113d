/**
 * Every directive of nginx 1.22 with the stock modules: where it may stand, how many arguments it takes, and what kind
 * of value nginx reads by its general rules. Data taken from the tables in nginx's own source (release 1.22.1), so that
 * a directive which this nginx lacks is still checked as the real one checks it before it is refused.
 */

/** `server-if` is an `if` in a server; `elsewhere` stands for the mail and stream blocks. */
export type Context = 'main' | 'events' | 'http' | 'server' | 'server-if' | 'location' | 'if' | 'limit_except' | 'upstream' | 'elsewhere';

/** What nginx's general readers make of the first argument; null where a directive has a reader of its own. */
export type Slot = 'flag' | 'number' | 'size' | 'offset' | 'time' | 'seconds' | 'buffers' | 'text' | null;

export interface Grammar {
  readonly contexts: ReadonlySet<string>;
  /** Fewest and most arguments. */
  readonly fewest: number;
  readonly most: number;
  readonly block: boolean;
  readonly slot: Slot;
}

/** One line (or indented lines) for each form: contexts | arguments, `block`, slot | names. */
const TABLE = `
main | 1 | debug_points env load_module ssl_engine worker_priority worker_processes
main | 1 number | worker_rlimit_nofile
main | 1 offset | worker_rlimit_core
main | 1 text | lock_file pid working_directory
main | 1 time | timer_resolution worker_shutdown_timeout
main | 1+ | error_log worker_cpu_affinity
main | 1-2 | user
main | 2-3 | thread_pool
main | flag | daemon master_process pcre_jit
main | 0 block | events http mail stream
main events http server server-if location if limit_except upstream | 1 | include
events | 1 | debug_connection use worker_connections
events | 1 number | epoll_events worker_aio_requests
events | 1 time | accept_mutex_delay
events | flag | accept_mutex multi_accept
http | 1 | geoip_proxy perl_modules perl_require
http | 1 number |
  map_hash_bucket_size map_hash_max_size server_names_hash_bucket_size server_names_hash_max_size variables_hash_bucket_size
  variables_hash_max_size
http | 1 size | http2_recv_buffer_size
http | 1-2 | geoip_city geoip_country geoip_org
http | 2 | limit_conn_zone perl_set
http | 2+ | fastcgi_cache_path log_format proxy_cache_path scgi_cache_path uwsgi_cache_path
http | 3 | limit_req_zone
http | flag | geoip_proxy_recursive
http | 0 block | server
http | 1 block | upstream
http | 1-2 block | geo
http | 2 block | charset_map map split_clients
http server | 1 |
  http2_idle_timeout http2_max_field_size http2_max_header_size http2_max_requests http2_recv_timeout ssl_certificate
  ssl_certificate_key ssl_ocsp_cache ssl_password_file ssl_session_ticket_key ssl_verify_client
http server | 1 number | http2_max_concurrent_pushes http2_max_concurrent_streams http2_streams_index_size ssl_verify_depth
http server | 1 seconds | ssl_session_timeout
http server | 1 size |
  client_header_buffer_size connection_pool_size http2_body_preread_size http2_pool_size request_pool_size ssl_buffer_size
http server | 1 text |
  ssl_ciphers ssl_client_certificate ssl_crl ssl_dhparam ssl_ecdh_curve ssl_ocsp_responder ssl_stapling_file ssl_stapling_responder
  ssl_trusted_certificate
http server | 1 time | client_header_timeout
http server | 1+ | ssl_protocols
http server | 1-2 | ssl_session_cache
http server | 2 | ssl_conf_command
http server | 2 buffers | large_client_header_buffers
http server | flag |
  ignore_invalid_headers merge_slashes ssl_early_data ssl_prefer_server_ciphers ssl_reject_handshake ssl_session_tickets
  ssl_stapling ssl_stapling_verify underscores_in_headers
http server | flag own | ssl ssl_ocsp
http server server-if location if | flag | rewrite_log uninitialized_variable_warn
http server location | 1 |
  aio ancient_browser_value auth_request autoindex_format client_body_in_file_only directio fastcgi_cache fastcgi_cache_key
  fastcgi_catch_stderr fastcgi_hide_header fastcgi_pass_header fastcgi_split_path_info fastcgi_store grpc_hide_header
  grpc_pass_header grpc_ssl_certificate grpc_ssl_certificate_key grpc_ssl_name grpc_ssl_password_file gzip_http_version gzip_static
  http2_push if_modified_since image_filter_jpeg_quality image_filter_sharpen image_filter_webp_quality limit_conn_log_level
  limit_req_log_level lingering_close mirror modern_browser_value proxy_cache proxy_cache_key proxy_hide_header proxy_http_version
  proxy_method proxy_pass_header proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_name proxy_ssl_password_file proxy_store
  real_ip_header satisfy scgi_cache scgi_cache_key scgi_hide_header scgi_pass_header scgi_store secure_link secure_link_md5
  server_tokens set_real_ip_from userid userid_expires userid_mark uwsgi_cache uwsgi_cache_key uwsgi_hide_header uwsgi_pass_header
  uwsgi_ssl_certificate uwsgi_ssl_certificate_key uwsgi_ssl_name uwsgi_ssl_password_file uwsgi_store xml_entities
http server location | 1 number |
  fastcgi_cache_min_uses fastcgi_next_upstream_tries grpc_next_upstream_tries grpc_ssl_verify_depth gzip_comp_level
  keepalive_requests limit_conn_status limit_req_status max_ranges memcached_gzip_flag memcached_next_upstream_tries
  min_delete_depth open_file_cache_min_uses proxy_cache_min_uses proxy_headers_hash_bucket_size proxy_headers_hash_max_size
  proxy_next_upstream_tries proxy_ssl_verify_depth scgi_cache_min_uses scgi_next_upstream_tries types_hash_bucket_size
  types_hash_max_size userid_service uwsgi_cache_min_uses uwsgi_modifier1 uwsgi_modifier2 uwsgi_next_upstream_tries
  uwsgi_ssl_verify_depth
http server location | 1 offset |
  client_max_body_size directio_alignment fastcgi_cache_max_range_offset proxy_cache_max_range_offset scgi_cache_max_range_offset
  uwsgi_cache_max_range_offset
http server location | 1 seconds | open_file_cache_valid
http server location | 1 size |
  client_body_buffer_size fastcgi_buffer_size fastcgi_busy_buffers_size fastcgi_limit_rate fastcgi_max_temp_file_size
  fastcgi_send_lowat fastcgi_temp_file_write_size grpc_buffer_size gzip_hash gzip_min_length gzip_window http2_chunk_size
  image_filter_buffer memcached_buffer_size mp4_buffer_size mp4_max_buffer_size postpone_gzipping postpone_output proxy_buffer_size
  proxy_busy_buffers_size proxy_limit_rate proxy_max_temp_file_size proxy_send_lowat proxy_temp_file_write_size read_ahead
  scgi_buffer_size scgi_busy_buffers_size scgi_limit_rate scgi_max_temp_file_size scgi_temp_file_write_size send_lowat
  sendfile_max_chunk slice ssi_min_file_chunk ssi_value_length subrequest_output_buffer_size uwsgi_buffer_size
  uwsgi_busy_buffers_size uwsgi_limit_rate uwsgi_max_temp_file_size uwsgi_temp_file_write_size
http server location | 1 text |
  add_after_body add_before_body default_type fastcgi_index grpc_ssl_ciphers grpc_ssl_crl grpc_ssl_trusted_certificate
  proxy_set_body proxy_ssl_ciphers proxy_ssl_crl proxy_ssl_trusted_certificate secure_link_secret userid_domain userid_name
  userid_p3p userid_path uwsgi_ssl_ciphers uwsgi_ssl_crl uwsgi_ssl_trusted_certificate uwsgi_string
http server location | 1 time |
  auth_delay client_body_timeout fastcgi_cache_lock_age fastcgi_cache_lock_timeout fastcgi_connect_timeout
  fastcgi_next_upstream_timeout fastcgi_read_timeout fastcgi_send_timeout grpc_connect_timeout grpc_next_upstream_timeout
  grpc_read_timeout grpc_send_timeout keepalive_time lingering_time lingering_timeout memcached_connect_timeout
  memcached_next_upstream_timeout memcached_read_timeout memcached_send_timeout proxy_cache_lock_age proxy_cache_lock_timeout
  proxy_connect_timeout proxy_next_upstream_timeout proxy_read_timeout proxy_send_timeout resolver_timeout scgi_cache_lock_age
  scgi_cache_lock_timeout scgi_connect_timeout scgi_next_upstream_timeout scgi_read_timeout scgi_send_timeout send_timeout
  uwsgi_cache_lock_age uwsgi_cache_lock_timeout uwsgi_connect_timeout uwsgi_next_upstream_timeout uwsgi_read_timeout
  uwsgi_send_timeout
http server location | 1+ |
  addition_types ancient_browser charset_types dav_methods error_log fastcgi_cache_bypass fastcgi_cache_methods
  fastcgi_cache_use_stale fastcgi_cache_valid fastcgi_ignore_headers fastcgi_next_upstream fastcgi_no_cache grpc_ignore_headers
  grpc_next_upstream grpc_ssl_protocols gzip_disable gzip_proxied gzip_types index memcached_next_upstream proxy_cache_bypass
  proxy_cache_methods proxy_cache_use_stale proxy_cache_valid proxy_ignore_headers proxy_next_upstream proxy_no_cache
  proxy_ssl_protocols resolver scgi_cache_bypass scgi_cache_methods scgi_cache_use_stale scgi_cache_valid scgi_ignore_headers
  scgi_next_upstream scgi_no_cache ssi_types sub_filter_types uwsgi_cache_bypass uwsgi_cache_methods uwsgi_cache_use_stale
  uwsgi_cache_valid uwsgi_ignore_headers uwsgi_next_upstream uwsgi_no_cache uwsgi_ssl_protocols xslt_types
http server location | 1-2 |
  disable_symlinks fastcgi_bind grpc_bind keepalive_disable keepalive_timeout memcached_bind modern_browser open_file_cache
  proxy_bind proxy_cookie_domain proxy_cookie_path proxy_redirect scgi_bind uwsgi_bind
http server location | 1-3 |
  dav_access fastcgi_store_access limit_req proxy_store_access scgi_store_access userid_flags uwsgi_store_access
http server location | 1-4 |
  client_body_temp_path fastcgi_temp_path open_log_file_cache proxy_cookie_flags proxy_temp_path scgi_temp_path uwsgi_temp_path
http server location | 2 |
  auth_request_set grpc_set_header grpc_ssl_conf_command limit_conn proxy_set_header proxy_ssl_conf_command sub_filter
  uwsgi_ssl_conf_command xslt_param xslt_string_param
http server location | 2 buffers | fastcgi_buffers gunzip_buffers gzip_buffers output_buffers proxy_buffers scgi_buffers uwsgi_buffers
http server location | 2-3 | fastcgi_param scgi_param uwsgi_param
http server location | flag |
  absolute_redirect aio_write autoindex autoindex_exact_size autoindex_localtime chunked_transfer_encoding
  client_body_in_single_buffer create_full_put_path etag fastcgi_buffering fastcgi_cache_background_update fastcgi_cache_lock
  fastcgi_cache_revalidate fastcgi_force_ranges fastcgi_ignore_client_abort fastcgi_intercept_errors fastcgi_keep_conn
  fastcgi_pass_request_body fastcgi_pass_request_headers fastcgi_request_buffering fastcgi_socket_keepalive grpc_intercept_errors
  grpc_socket_keepalive grpc_ssl_server_name grpc_ssl_session_reuse grpc_ssl_verify gunzip gzip_no_buffer gzip_vary
  http2_push_preload image_filter_interlace image_filter_transparency limit_conn_dry_run limit_req_dry_run log_not_found
  log_subrequest memcached_socket_keepalive mirror_request_body mp4_start_key_frame msie_padding msie_refresh open_file_cache_errors
  open_file_cache_events port_in_redirect proxy_buffering proxy_cache_background_update proxy_cache_convert_head proxy_cache_lock
  proxy_cache_revalidate proxy_force_ranges proxy_ignore_client_abort proxy_intercept_errors proxy_pass_request_body
  proxy_pass_request_headers proxy_request_buffering proxy_socket_keepalive proxy_ssl_server_name proxy_ssl_session_reuse
  proxy_ssl_verify real_ip_recursive recursive_error_pages reset_timedout_connection scgi_buffering scgi_cache_background_update
  scgi_cache_lock scgi_cache_revalidate scgi_force_ranges scgi_ignore_client_abort scgi_intercept_errors scgi_pass_request_body
  scgi_pass_request_headers scgi_request_buffering scgi_socket_keepalive server_name_in_redirect ssi_ignore_recycled_buffers
  ssi_last_modified ssi_silent_errors sub_filter_last_modified sub_filter_once tcp_nodelay tcp_nopush uwsgi_buffering
  uwsgi_cache_background_update uwsgi_cache_lock uwsgi_cache_revalidate uwsgi_force_ranges uwsgi_ignore_client_abort
  uwsgi_intercept_errors uwsgi_pass_request_body uwsgi_pass_request_headers uwsgi_request_buffering uwsgi_socket_keepalive
  uwsgi_ssl_server_name uwsgi_ssl_session_reuse uwsgi_ssl_verify xslt_last_modified
http server location | 0 block | types
http server location if | 1 | charset limit_rate limit_rate_after root source_charset
http server location if | 1 text | post_action
http server location if | 1-2 | expires
http server location if | 2+ | error_page
http server location if | 2-3 | add_header add_trailer
http server location if | flag | gzip override_charset sendfile ssi
http server location if limit_except | 1+ | access_log
http server location limit_except | 1 | allow auth_basic auth_basic_user_file deny
server | 1+ | listen server_name
server server-if location if | 0 | break
server server-if location if | 1-2 | return
server server-if location if | 2 | set
server server-if location if | 2-3 | rewrite
server location | 0-1 | stub_status
server location | 1 number | referer_hash_bucket_size referer_hash_max_size
server location | 1+ | valid_referers
server location | 2+ | try_files
server location | 1+ block | if
server location | 1-2 block | location
location | 0 | empty_gif flv internal mp4
location | 1 | alias
location | 1+ | xslt_stylesheet
location | 1-3 | image_filter
location | flag | random_index
location | 1+ block | limit_except
location if | 1 | fastcgi_pass grpc_pass memcached_pass scgi_pass uwsgi_pass
location if limit_except | 1 | proxy_pass
location limit_except | 1 | perl
upstream | 0 | ip_hash least_conn
upstream | 0-2 | random
upstream | 1 | keepalive
upstream | 1 number | keepalive_requests
upstream | 1 time | keepalive_time keepalive_timeout
upstream | 1+ | server
upstream | 1-2 | hash zone
elsewhere | 1+ |
  auth_http auth_http_header auth_http_pass_client_cert auth_http_timeout imap_auth imap_capabilities imap_client_buffer max_errors
  pop3_auth pop3_capabilities preread_buffer_size preread_timeout protocol proxy proxy_buffer proxy_download_rate
  proxy_downstream_buffer proxy_half_close proxy_pass_error_message proxy_protocol proxy_protocol_timeout proxy_requests
  proxy_responses proxy_smtp_auth proxy_ssl proxy_timeout proxy_upload_rate proxy_upstream_buffer smtp_auth smtp_capabilities
  smtp_client_buffer smtp_greeting_delay ssl_alpn ssl_handshake_timeout ssl_preread starttls timeout xclient
`;

const SLOTS: readonly string[] = ['flag', 'number', 'size', 'offset', 'time', 'seconds', 'buffers', 'text'];
const isSlot = (word: string): word is Exclude<Slot, null> => SLOTS.includes(word);

/** `1`, `1-3`, `2+` or `flag`. */
function counts(text: string): [number, number] {
  if (text === 'flag') return [1, 1];
  if (text.endsWith('+')) return [Number(text.slice(0, -1)), Number.POSITIVE_INFINITY];
  const [fewest = '', most = fewest] = text.split('-');
  return [Number(fewest), Number(most)];
}

function read(): Map<string, Grammar[]> {
  const forms = new Map<string, Grammar[]>();
  for (const form of TABLE.trim()
    .replace(/\n {2}/g, ' ')
    .split('\n')) {
    const [contexts = '', shape = '', names = ''] = form.split('|').map((part) => part.trim());
    const [count = '', ...rest] = shape.split(' ');
    const [fewest, most] = counts(count);
    const slot = count === 'flag' && !rest.includes('own') ? 'flag' : (rest.find(isSlot) ?? null);
    const directive: Grammar = { contexts: new Set(contexts.split(' ')), fewest, most, block: rest.includes('block'), slot };
    for (const name of names.split(/\s+/)) forms.set(name, [...(forms.get(name) ?? []), directive]);
  }
  return forms;
}

let table: ReadonlyMap<string, readonly Grammar[]> | null = null;

/**
 * The forms of every directive by its name (`server` has two: a block in http, a line in upstream). Read when the first
 * configuration is: this module is part of every process of the sandbox, and few of them are an nginx.
 */
export function grammar(): ReadonlyMap<string, readonly Grammar[]> {
  table ??= read();
  return table;
}
