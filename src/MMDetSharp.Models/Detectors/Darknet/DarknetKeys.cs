namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>
/// The keys of a cfg that Darknet reads for its own training, drawing and memory (parser.c). They change nothing here:
/// a config says how to train.
/// </summary>
internal static class DarknetKeys
{
    /// <summary>Keys without effect in <c>[net]</c>.</summary>
    internal static string[] Net { get; } =
    [
        "batch", "subdivisions", "max_batches", "learning_rate", "learning_rate_min", "sgdr_cycle", "sgdr_mult",
        "momentum", "decay", "track", "augment_speed", "sequential_subdivisions", "try_fix_nan", "weights_reject_freq",
        "equidistant_point", "badlabels_rejection_percentage", "num_sigmas_reject_badlabels", "ema_alpha",
        "use_cuda_graph", "loss_scale", "dynamic_minibatch", "optimized_memory", "workspace_size_limit_MB", "adam", "B1",
        "B2", "eps", "inputs", "max_crop", "min_crop", "flip", "blur", "gaussian_noise", "mixup", "cutmix", "mosaic",
        "mosaic_bound", "contrastive", "contrastive_jit_flip", "contrastive_color", "unsupervised", "label_smooth_eps",
        "resize_step", "attention", "adversarial_lr", "max_chart_loss", "angle", "aspect", "saturation", "exposure", "hue",
        "power", "policy", "burn_in", "step", "scale", "steps", "scales", "seq_scales", "gamma", "show_receptive_field",
    ];

    /// <summary>Keys without effect in every layer.</summary>
    internal static string[] Layer { get; } =
    [
        "clip", "onlyforward", "dont_update", "burnin_update", "stopbackward", "train_only_bn", "learning_rate", "stream",
        "wait_stream",
    ];

    /// <summary>Keys without effect in <c>[convolutional]</c>.</summary>
    internal static string[] Convolutional { get; } = ["dot", "angle", "grad_centr", "assisted_excitation"];

    /// <summary>Keys without effect in <c>[maxpool]</c>.</summary>
    internal static string[] MaxPool { get; } = ["maxpool_zero_nonmax"];

    /// <summary>Keys without effect in <c>[dropout]</c>.</summary>
    internal static string[] Dropout { get; } = ["dropblock", "dropblock_size_rel", "dropblock_size_abs"];

    /// <summary>Keys without effect in <c>[yolo]</c>, besides what <see cref="DenseHeads.Darknet.YoloLayerOptions"/> takes.</summary>
    internal static string[] Yolo { get; } =
    [
        "jitter", "random", "resize", "max", "show_details", "counters_per_class", "objectness_smooth", "delta_normalizer",
        "iou_thresh_kind", "track_history_size", "sim_thresh", "dets_for_track", "dets_for_show", "track_ciou_norm",
        "embedding_layer", "map", "uc_normalizer",
    ];

    /// <summary>Keys without effect in <c>[region]</c>.</summary>
    internal static string[] Region { get; } =
    [
        "jitter", "random", "resize", "max", "log", "sqrt", "focal_loss", "rescore", "thresh", "absolute", "coord_scale",
        "object_scale", "noobject_scale", "mask_scale", "class_scale", "bias_match", "map",
    ];

    /// <summary>Sections of Darknet that detectors of today do not have.</summary>
    internal static string[] OtherSections { get; } =
    [
        "local", "rnn", "gru", "lstm", "conv_lstm", "crnn", "history", "connected", "conn", "crop", "cost", "detection",
        "Gaussian_yolo", "lrn", "normalization", "softmax", "soft", "contrastive", "implicit",
    ];
}
