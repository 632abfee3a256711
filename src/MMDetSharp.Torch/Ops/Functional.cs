using MMDetSharp.Torch.Interop;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Ops;

/// <summary>The operations of networks and losses, one line each over the dispatcher, named as in PyTorch.</summary>
public static class Functional
{
    private static readonly Operator s_conv2d = new("aten::conv2d");
    private static readonly Operator s_convTranspose2d = new("aten::conv_transpose2d", "input");
    private static readonly Operator s_deformConv2d = new("mmdetsharp::deform_conv2d");
    private static readonly Operator s_batchNorm = new("aten::batch_norm");
    private static readonly Operator s_groupNorm = new("aten::group_norm");
    private static readonly Operator s_linear = new("aten::linear");
    private static readonly Operator s_maxPool2d = new("aten::max_pool2d");
    private static readonly Operator s_avgPool2d = new("aten::avg_pool2d");
    private static readonly Operator s_adaptiveAvgPool2d = new("aten::adaptive_avg_pool2d");
    private static readonly Operator s_nearest = new("aten::upsample_nearest2d", "vec");
    private static readonly Operator s_bilinear = new("aten::upsample_bilinear2d", "vec");
    private static readonly Operator s_pixelShuffle = new("aten::pixel_shuffle");
    private static readonly Operator s_pixelUnshuffle = new("aten::pixel_unshuffle");
    private static readonly Operator s_channelShuffle = new("aten::channel_shuffle");
    private static readonly Operator s_pad = new("aten::pad");
    private static readonly Operator s_leakyRelu = new("aten::leaky_relu");
    private static readonly Operator s_reluInPlace = new("aten::relu_");
    private static readonly Operator s_leakyReluInPlace = new("aten::leaky_relu_");
    private static readonly Operator s_hardTanh = new("aten::hardtanh");
    private static readonly Operator s_elu = new("aten::elu");
    private static readonly Operator s_prelu = new("aten::prelu");
    private static readonly Operator s_mish = new("aten::mish");
    private static readonly Operator s_silu = new("aten::silu");
    private static readonly Operator s_hardSwish = new("aten::hardswish");
    private static readonly Operator s_binaryCrossEntropy = new("aten::binary_cross_entropy_with_logits");
    private static readonly Operator s_crossEntropy = new("aten::cross_entropy_loss");
    private static readonly Operator s_smoothL1 = new("aten::smooth_l1_loss");
    private static readonly Operator s_l1 = new("aten::l1_loss");
    private static readonly Operator s_mse = new("aten::mse_loss");
    private static readonly Operator s_oneHot = new("aten::one_hot");

    /// <summary>Two-dimensional convolution.</summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="weight">(O, C / groups, kernel height, kernel width).</param>
    /// <param name="bias">(O), or none.</param>
    /// <param name="stride">Height and width.</param>
    /// <param name="padding">Zeros on each side, height and width.</param>
    /// <param name="dilation">Steps between the kernel's taps, height and width.</param>
    /// <param name="groups">Into how many parts the channels are split.</param>
    /// <returns>(B, O, H', W').</returns>
    public static Tensor Conv2d(
        Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] dilation, long groups = 1) =>
        OperationCount.NoteKernel(s_conv2d.Call(input, weight, bias, stride, padding, dilation, groups), weight);

    /// <summary>
    /// Two-dimensional convolution with a 3x3 kernel, stride and padding 1, for training: on the CPU the forward pass
    /// and the input's gradient are Winograd's (Lavin and Gray, arXiv:1509.09308) where that is faster. It cannot be traced.
    /// </summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="weight">(O, C, 3, 3).</param>
    /// <param name="bias">(O), or none.</param>
    /// <returns>(B, O, H, W).</returns>
    public static Tensor Conv3x3(Tensor input, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(input);
        weight.RequireShape([ShapeGuard.Any, input.Size(1), 3, 3], "Take Conv2d for other kernels and for groups.");
        var status = NativeTraining.Convolution3x3(input.Handle, weight.Handle, bias?.Handle ?? 0, out var result);
        Native.Check(status, nameof(Conv3x3));
        return OperationCount.NoteKernel(new Tensor(result), weight);
    }

    /// <summary>Two-dimensional transposed convolution; <paramref name="weight"/> is (C, O / groups, kh, kw).</summary>
    public static Tensor ConvTranspose2d(
        Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] outputPadding,
        long groups = 1)
    {
        OperationCount.NoteKernel(input, weight); // each element of the input is multiplied by a kernel
        return s_convTranspose2d.Call(input, weight, bias, stride, padding, outputPadding, groups, new long[] { 1, 1 });
    }

    /// <summary>
    /// Deformable convolution: every tap of the kernel looks beside its place. Dai et al., arXiv:1703.06211, section 2.1;
    /// with a mask v2: Zhu et al., arXiv:1811.11168, section 3.2. A tap between pixels sees their bilinear mean, outside of the
    /// map 0. On the CPU by a kernel of its own, on other devices by sampling grids.
    /// </summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="weight">(O, C / groups, kh, kw), and the bias (O), or none.</param>
    /// <param name="offset">(B, 2 x offset groups x kh x kw, H', W') in pixels: y, x per tap.</param>
    /// <param name="mask">(B, offset groups x kh x kw, H', W'): what each tap is multiplied by; none for v1.</param>
    /// <param name="geometry">Stride, padding, dilation, groups.</param>
    /// <returns>(B, O, H', W').</returns>
    public static Tensor DeformConv2d(
        Tensor input, (Tensor Kernel, Tensor? Bias) weight, Tensor offset, Tensor? mask, DeformConvGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        long[] stride = [geometry.Stride, geometry.Stride];
        long[] padding = [geometry.Padding, geometry.Padding];
        long[] dilation = [geometry.Dilation, geometry.Dilation];
        var result = s_deformConv2d.Call(
            input, weight.Kernel, weight.Bias, stride, padding, dilation, offset, mask, geometry.Groups, geometry.OffsetGroups);
        return OperationCount.NoteKernel(result, weight.Kernel);
    }

    /// <summary>Batch normalisation; Ioffe and Szegedy, arXiv:1502.03167.</summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="weight">(C) scale.</param>
    /// <param name="bias">(C) shift.</param>
    /// <param name="mean">(C) running mean; updated when training.</param>
    /// <param name="variance">(C) running variance; updated when training.</param>
    /// <param name="training">Whether to use the batch's own statistics.</param>
    /// <param name="momentum">The weight of the batch in the running statistics.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static Tensor BatchNorm(
        Tensor input, Tensor? weight, Tensor? bias, Tensor mean, Tensor variance, bool training, double momentum,
        double epsilon) =>
        s_batchNorm.Call(input, weight, bias, mean, variance, training, momentum, epsilon, true);

    /// <summary>Group normalisation; Wu and He, arXiv:1803.08494.</summary>
    public static Tensor GroupNorm(Tensor input, long groups, Tensor? weight, Tensor? bias, double epsilon) =>
        s_groupNorm.Call(input, groups, weight, bias, epsilon, true);

    /// <summary>input times the transposed weight, plus bias.</summary>
    /// <param name="input">(N, C).</param>
    /// <param name="weight">(O, C).</param>
    /// <param name="bias">(O), or none.</param>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias) =>
        OperationCount.NoteKernel(s_linear.Call(input, weight, bias), weight);

    /// <summary>The largest element of each window.</summary>
    public static Tensor MaxPool2d(
        Tensor input, long[] kernel, long[] stride, long[] padding, long[] dilation, bool ceilMode = false) =>
        s_maxPool2d.Call(input, kernel, stride, padding, dilation, ceilMode);

    /// <summary>The mean of each window.</summary>
    public static Tensor AvgPool2d(
        Tensor input, long[] kernel, long[] stride, long[] padding, bool ceilMode = false, bool countPadding = true) =>
        s_avgPool2d.Call(input, kernel, stride, padding, ceilMode, countPadding, Value.None);

    /// <summary>Means over windows so that the result has the given height and width.</summary>
    public static Tensor AdaptiveAvgPool2d(Tensor input, long height, long width) =>
        s_adaptiveAvgPool2d.Call(input, new[] { height, width });

    /// <summary>Nearest-neighbour resampling to a height and width.</summary>
    public static Tensor ResizeNearest(Tensor input, long height, long width) =>
        s_nearest.Call(input, new[] { height, width }, Value.None);

    /// <summary>
    /// Nearest-neighbour resizing to the height and width of another map. A compiled network follows that map's size at
    /// run time, where <see cref="ResizeNearest"/> keeps the numbers it was recorded with.
    /// </summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="reference">(B, C', H', W').</param>
    /// <returns>(B, C, H', W').</returns>
    public static Tensor ResizeNearestLike(Tensor input, Tensor reference)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(reference);
        Native.Check(NativeProgram.UpsampleNearestLike(input.Handle, reference.Handle, out var result));
        return new Tensor(result);
    }

    /// <summary>
    /// The largest element of each of as many windows as another map has rows and columns, which together cover the
    /// input. A compiled network follows that map's size at run time.
    /// </summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="reference">(B, C', H', W').</param>
    /// <returns>(B, C, H', W').</returns>
    public static Tensor AdaptiveMaxPoolLike(Tensor input, Tensor reference)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(reference);
        Native.Check(NativeProgram.AdaptiveMaxPoolLike(input.Handle, reference.Handle, out var result));
        return new Tensor(result);
    }

    /// <summary>Nearest-neighbour resampling by a factor: a traced graph then fits every size.</summary>
    public static Tensor ScaleNearest(Tensor input, double factor) =>
        s_nearest.Call(input, Value.None, new[] { factor, factor });

    /// <summary>Bilinear resampling to a height and width.</summary>
    public static Tensor ResizeBilinear(Tensor input, long height, long width, bool alignCorners = false) =>
        s_bilinear.Call(input, new[] { height, width }, alignCorners, Value.None);

    /// <summary>Bilinear resampling by a factor.</summary>
    public static Tensor ScaleBilinear(Tensor input, double factor, bool alignCorners = false) =>
        s_bilinear.Call(input, Value.None, alignCorners, new[] { factor, factor });

    /// <summary>Channels to places: (B, C r^2, H, W) to (B, C, H r, W r); Shi et al., arXiv:1609.05158.</summary>
    public static Tensor PixelShuffle(Tensor input, long factor) => s_pixelShuffle.Call(input, factor);

    /// <summary>Places to channels: (B, C, H r, W r) to (B, C r^2, H, W), channel c r^2 + dy r + dx.</summary>
    public static Tensor PixelUnshuffle(Tensor input, long factor) => s_pixelUnshuffle.Call(input, factor);

    /// <summary>Channel g n + i goes to i groups + g, n channels a group; Zhang et al., arXiv:1707.01083, section 3.1.</summary>
    public static Tensor ChannelShuffle(Tensor input, long groups) => s_channelShuffle.Call(input, groups);

    /// <summary>Adds a border of one number.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="sizes">Before and after, of the last dimension first.</param>
    /// <param name="value">The border's elements.</param>
    public static Tensor Pad(Tensor input, long[] sizes, double value = 0) =>
        s_pad.Call(input, sizes, "constant", value);

    /// <summary>Sets elements to 0 with a probability and scales the others, so that the average stays.</summary>
    /// <param name="input">Of any shape.</param>
    /// <param name="probability">Of an element to become 0, below 1.</param>
    /// <param name="generator">Decides which, on the input's device.</param>
    /// <returns>It belongs to the caller.</returns>
    public static Tensor Dropout(Tensor input, double probability, Generator generator)
    {
        using var scope = TensorScope.Begin();
        var draws = Tensor.EmptyLike(input.Detach());
        draws.UniformInPlace(0, 1, generator);
        return scope.Keep(input * (draws.Ge(probability).To(input.Type) / (1 - probability)));
    }

    /// <summary>Each element, times the slope where it is negative.</summary>
    public static Tensor LeakyRelu(Tensor input, double slope) => s_leakyRelu.Call(input, slope);

    /// <summary>Each element, moved into [min, max]; no gradient outside.</summary>
    public static Tensor HardTanh(Tensor input, double min, double max) => s_hardTanh.Call(input, min, max);

    /// <summary>x where it is positive, alpha (exp(x) - 1) elsewhere.</summary>
    public static Tensor Elu(Tensor input, double alpha) => s_elu.Call(input, alpha, 1, 1);

    /// <summary>x tanh(log(1 + exp(x))); Misra, arXiv:1908.08681.</summary>
    public static Tensor Mish(Tensor input) => s_mish.Call(input);

    /// <summary>x / (1 + exp(-x)), also called Swish; Ramachandran et al., arXiv:1710.05941.</summary>
    public static Tensor Silu(Tensor input) => s_silu.Call(input);

    /// <summary>x (x + 3) / 6, the second factor moved into [0, 1]; Howard et al., arXiv:1905.02244, section 5.2.</summary>
    public static Tensor HardSwish(Tensor input) => s_hardSwish.Call(input);

    /// <summary>Each element, times its channel's slope where it is negative.</summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="slope">(C) or (1), learned.</param>
    public static Tensor PRelu(Tensor input, Tensor slope) => s_prelu.Call(input, slope);

    /// <summary>Sets negative elements to 0. Only on a tensor made by the caller.</summary>
    public static void ReluInPlace(Tensor input) => s_reluInPlace.Run(input);

    /// <summary>Multiplies negative elements by the slope. Only on a tensor made by the caller.</summary>
    public static void LeakyReluInPlace(Tensor input, double slope) => s_leakyReluInPlace.Run(input, slope);

    /// <summary>-(t log s(x) + (1 - t) log(1 - s(x))) per element, s the sigmoid.</summary>
    /// <param name="input">x, any shape.</param>
    /// <param name="target">t in [0, 1], the same shape.</param>
    /// <param name="weight">Factors, broadcast; none when null.</param>
    /// <param name="positiveWeight">Factors of the first term; none when null.</param>
    public static Tensor BinaryCrossEntropyWithLogits(
        Tensor input, Tensor target, Tensor? weight = null, Tensor? positiveWeight = null) =>
        s_binaryCrossEntropy.Call(input, target, weight, positiveWeight, 0);

    /// <summary>-log softmax(x)[label] per row.</summary>
    /// <param name="input">(N, K).</param>
    /// <param name="labels">(N) in [0, K); <paramref name="ignoreIndex"/> gives 0.</param>
    /// <param name="classWeight">(K) factors; none when null.</param>
    /// <param name="ignoreIndex">The label of rows that do not count.</param>
    public static Tensor CrossEntropy(
        Tensor input, Tensor labels, Tensor? classWeight = null, long ignoreIndex = -100) =>
        s_crossEntropy.Call(input, labels, classWeight, 0, ignoreIndex, 0.0);

    /// <summary>0.5 d^2 / beta where |d| is below beta, |d| - beta / 2 elsewhere; per element.</summary>
    public static Tensor SmoothL1(Tensor input, Tensor target, double beta) => s_smoothL1.Call(input, target, 0, beta);

    /// <summary>|input - target| per element.</summary>
    public static Tensor L1(Tensor input, Tensor target) => s_l1.Call(input, target, 0);

    /// <summary>(input - target)^2 per element.</summary>
    public static Tensor MeanSquaredError(Tensor input, Tensor target) => s_mse.Call(input, target, 0);

    /// <summary>1 in the column of each label, 0 elsewhere.</summary>
    /// <param name="labels">(N) in [0, classes).</param>
    /// <param name="classes">Columns.</param>
    /// <returns>(N, classes) 64-bit integers.</returns>
    public static Tensor OneHot(Tensor labels, long classes) => s_oneHot.Call(labels, classes);
}
