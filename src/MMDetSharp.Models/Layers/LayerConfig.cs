using MMDetSharp.Core.Registry;

namespace MMDetSharp.Models.Layers;

/// <summary>Reads the nodes that describe layers: <c>conv_cfg</c>, <c>norm_cfg</c>, <c>act_cfg</c>.</summary>
internal static class LayerConfig
{
    /// <summary>The norm under a key; null where it is missing or None.</summary>
    internal static NormOptions? Norm(ConfigReader reader, string key = "norm_cfg")
    {
        if (reader.NodeOrNull(key) is not { } node)
        {
            return null;
        }

        var type = node.Choice("type", "BN", "BN2d", "SyncBN", "GN");
        var defaults = new NormOptions();
        var options = new NormOptions
        {
            Type = type == "GN" ? NormType.Group : NormType.Batch,
            Groups = type == "GN" ? node.Int("num_groups") : defaults.Groups,
            Epsilon = node.Float("eps", defaults.Epsilon),
            Momentum = type == "GN" ? defaults.Momentum : node.Float("momentum", defaults.Momentum),
            RequiresGradients = node.Bool("requires_grad", true),
        };
        var check = new OptionCheck(type, node.Error);
        check.RequirePositive("num_groups", options.Groups);
        check.RequirePositive("eps", options.Epsilon);
        check.Require(options.Momentum is >= 0 and <= 1, "momentum", "must be 0 to 1", options.Momentum);
        node.Done();
        return options;
    }

    /// <summary>The norm of a part that has one unless its config says None.</summary>
    internal static NormOptions? NormOr(ConfigReader reader, NormOptions? missing)
    {
        var norm = Norm(reader);
        return reader.Source.Find("norm_cfg") is null ? missing : norm;
    }

    /// <summary>The activation of a part that has one unless its config says None.</summary>
    internal static ActivationOptions? ActivationOr(ConfigReader reader, ActivationOptions? missing)
    {
        var activation = Activation(reader);
        return reader.Source.Find("act_cfg") is null ? missing : activation;
    }

    /// <summary>The activation under a key; null where it is missing or None.</summary>
    internal static ActivationOptions? Activation(ConfigReader reader, string key = "act_cfg")
    {
        if (reader.NodeOrNull(key) is not { } node)
        {
            return null;
        }

        var type = node.Choice(
            "type", "ReLU", "LeakyReLU", "PReLU", "ReLU6", "ELU", "Sigmoid", "Tanh", "Mish",
            "Swish", "SiLU", "HSwish");
        node.Ignore("inplace");
        var options = type switch
        {
            "ReLU" => new ActivationOptions(),
            "LeakyReLU" => new() { Type = ActivationType.LeakyRelu, Slope = node.Float("negative_slope", 0.01) },
            "PReLU" => new() { Type = ActivationType.PRelu, Slope = node.Float("init", 0.25) },
            "ReLU6" => new() { Type = ActivationType.Relu6 },
            "ELU" => new() { Type = ActivationType.Elu, Slope = node.Float("alpha", 1) },
            _ => new ActivationOptions { Type = Plain(type) },
        };
        node.Done();
        return options;
    }

    // Those without an option.
    private static ActivationType Plain(string type) => type switch
    {
        "Sigmoid" => ActivationType.Sigmoid,
        "Tanh" => ActivationType.Tanh,
        "Mish" => ActivationType.Mish,
        "HSwish" => ActivationType.HardSwish,
        _ => ActivationType.Silu,
    };

    /// <summary>The deformable convolution that <c>conv_cfg</c> asks for; null for the usual one.</summary>
    internal static DeformOptions? Convolution(ConfigReader reader)
    {
        if (reader.NodeOrNull("conv_cfg") is not { } node)
        {
            return null;
        }

        var deform = node.Choice("type", "Conv2d", "Conv", "DCN", "DCNv2") is "Conv2d" or "Conv" ? null : ReadDeform(node);
        node.Done();
        return deform;
    }

    /// <summary>The deformable convolution under <c>dcn</c>; null where it is missing or None.</summary>
    internal static DeformOptions? Deform(ConfigReader reader)
    {
        if (reader.NodeOrNull("dcn") is not { } node)
        {
            return null;
        }

        node.Choice("type", "DCN", "DCNv2");
        if (node.Bool("fallback_on_stride", false))
        {
            // The reference takes it out of the dict when it makes the first block, so that only this one falls back.
            throw node.Error("fallback_on_stride", "must be False. Name the deformable stages in stage_with_dcn.");
        }

        var deform = ReadDeform(node);
        node.Done();
        return deform;
    }

    // "deformable_groups" is the older name.
    private static DeformOptions ReadDeform(ConfigReader node) => new()
    {
        IsModulated = node.TypeName == "DCNv2",
        OffsetGroups = node.Positive("deform_groups", node.Positive("deformable_groups", 1)),
    };

    /// <summary>Checks that <c>conv_cfg</c> asks for the usual convolution, for parts that have no other.</summary>
    internal static void RequirePlainConvolution(ConfigReader reader)
    {
        if (reader.NodeOrNull("conv_cfg") is { } node)
        {
            node.Choice("type", "Conv2d", "Conv");
            node.Done();
        }
    }

    /// <summary>Refuses an option that is known but not there yet, unless it is off.</summary>
    internal static void Refuse(ConfigReader reader, string key)
    {
        if (reader.Has(key))
        {
            throw reader.Error(key, "is not supported yet. Remove it or set it to None.");
        }
    }
}
